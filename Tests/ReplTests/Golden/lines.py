#!/usr/bin/env python3
"""Writes lines.txt: the words that redis-cli makes of lines.

Run by hand with redis-cli 7.0.15 on the path:  python3 lines.py > lines.txt

A small server on the loopback interface notes the words of each request. One line of the result
is: the line, then its words, separated by tabs, with the escapes \\\\ \\t \\n \\r \\xhh; or the
line and `!` where redis-cli refuses it.
"""
import socket, subprocess, threading

lines = [
    b'PING', b'  PING  ', b'\tPING\t', b'PING a', b'PING  a   b', b'PING\ta', b'PING "a b"',
    b"PING 'a b'", b'PING ""', b"PING ''", b'PING "" ""', b'PING a"b c"', b"PING a'b c'",
    b'PING "a"b', b"PING 'a'b", b'PING "a""b"', b"PING 'a''b'", b'PING "a" "b"', b'PING "a',
    b"PING 'a", b'PING a"', b"PING it's", b'PING "\\n\\r\\t\\b\\a"', b'PING "\\x41\\x7a"',
    b'PING "\\x4"', b'PING "\\x4g"', b'PING "\\xAf\\xfA"', b'PING "\\x"', b'PING "\\q\\0\\z"',
    b'PING "\\\\"', b'PING "\\""', b'PING "\\\'"', b"PING '\\''", b"PING '\\n'", b"PING '\\\\'",
    b"PING '\\\\'' x", b"PING 'a\\'b'", b'PING \\n', b'PING a\\ b', b'PING \\"a b\\"', b'PING \\x41',
    b'PING a\\', b'PING "a\\', b'PING "a\\"', b"PING 'a\\", b'PING "a b" c', b'PING "a\tb"',
    'PING größe'.encode(), 'PING "größe €"'.encode(), b'PING \xff\xfe', b'PING "\xff"',
    b'PING "a\'b"', b"PING 'a\"b'", b'PING a#b', b'PING #', b'PING ;', b'PING a;b', b'PING {a}b',
    b'PING $x', b'PING *', b'PING |', b'PING > f', b'PING "a\x0bb"', b'PING a\x0bb', b'PING a\x0c',
    b'PING "\\x00"', b'PING "\\x0a"', b'PING "a"\tb', b'PING "a"\x0bb', b'"PING" a', b"'PING' a",
    b'P"ING" a', b'"PI\\x4eG"', b'PING "a\\\\"b', b'PING "a\\\\" b', b"PING ' a '", b'PING " a "',
    b'PING \x01', b'PING "\x01"', b'PING -1', b'PING 007', b'PING \x7f',
]
requests = []


def serve(listener):
    while True:
        connection, _ = listener.accept()
        stream = connection.makefile("rb")
        while True:
            head = stream.readline()
            if not head:
                break
            words = []
            for _ in range(int(head[1:])):
                length = int(stream.readline()[1:])
                words.append(stream.read(length + 2)[:-2])
            if words[0] == b"COMMAND":
                # For its hints; a line comes after it.
                connection.sendall(b"*0\r\n")
            else:
                requests.append(words)
                connection.sendall(b"+OK\r\n")


def escaped(data):
    names = {92: "\\\\", 9: "\\t", 10: "\\n", 13: "\\r"}
    return "".join(names.get(b) or (chr(b) if 32 <= b < 127 else "\\x%02x" % b) for b in data)


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    for line in lines:
        requests.clear()
        subprocess.run(["redis-cli", "-p", str(listener.getsockname()[1])], input=line + b"\n",
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=5)
        words = [escaped(word) for word in requests[0]] if requests else ["!"]
        print("\t".join([escaped(line)] + words))


main()
