#!/usr/bin/env python3
"""Writes replies.txt: what redis-cli prints for replies of every kind.

Run by hand with redis-cli 7.0.15 on the path:  python3 replies.py > replies.txt

A small server on the loopback interface answers each command with bytes prepared here. redis-cli
runs once with a terminal and once with a pipe as its output, and both outputs are kept. One line
of the result is: protocol version, command, bytes on the wire, output on a terminal, output on a
pipe; separated by tabs, with the escapes \\\\ \\t \\n \\r \\xhh.
"""
import os, pty, socket, subprocess, sys, termios, threading


def bulk(text):
    data = text if isinstance(text, bytes) else text.encode()
    return b"$%d\r\n%s\r\n" % (len(data), data)


def integer(number):
    return b":%d\r\n" % number


def aggregate(kind, *elements):
    count = len(elements) // 2 if kind == "%" else len(elements)
    return b"%s%d\r\n" % (kind.encode(), count) + b"".join(elements)


def array(*elements):
    return aggregate("*", *elements)


def hash_(*elements):
    return aggregate("%", *elements)


def set_(*elements):
    return aggregate("~", *elements)


def verbatim(text, format="txt"):
    data = text.encode()
    return b"=%d\r\n%s:%s\r\n" % (len(data) + 4, format.encode(), data)


NIL2, NILS, NIL3 = b"$-1\r\n", b"*-1\r\n", b"_\r\n"
A, B, C = bulk("a"), bulk("b"), bulk("c")

both = [
    b"+OK\r\n", b"+PONG\r\n", b"+\r\n", b"+QUEUED\r\n", b"+Background saving started\r\n",
    b"+with \"quotes\" and \\ backslash\r\n", "+größe\r\n".encode(), b"+tab\there\r\n",
    b"-ERR unknown command 'foo', with args beginning with: \r\n",
    b"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
    b"-NOAUTH Authentication required.\r\n", b"-\r\n", b"-ERR\r\n", b"-MOVED 3999 127.0.0.1:6381\r\n",
    b"-LOADING \"quoted\" \\ text\r\n", "-ERR größe\r\n".encode(),
    b":0\r\n", b":1\r\n", b":-1\r\n", b":42\r\n", b":9223372036854775807\r\n",
    b":-9223372036854775808\r\n", b":100000\r\n",
    bulk(""), A, bulk("hello world"), bulk("12345"), bulk("-1.5"), bulk("nil"),
    bulk("say \"hi\""), bulk("it's"), bulk("back\\slash"), bulk("line\nbreak"),
    bulk("cr\r\nlf"), bulk("tab\tbell\x07back\x08"), bulk(b"\x00"), bulk(b"a\x00b"),
    bulk(bytes(range(0, 32))), bulk(bytes(range(32, 127))), bulk(bytes(range(127, 160))),
    bulk(bytes(range(160, 256))), bulk("größe"), bulk("日本語"), bulk("👩‍👩‍👧"), bulk(b"\xff\xfe"),
    bulk("\x1b[31mred\x1b[0m"), bulk("x" * 100), bulk("ends with newline\n"), bulk("\n"),
    bulk(" leading and trailing "), bulk("\x7f"),
    NIL2, NILS,
    array(), array(A), array(A, B), array(A, B, C), array(integer(1), integer(2)),
    array(A, NIL2, C), array(NILS), array(NIL2, NIL2), array(integer(1), A, NIL2, b"+OK\r\n"),
    array(b"-ERR inside\r\n", A), array(bulk(""), bulk("\n")), array(bulk("multi\nline"), A),
    array(*[bulk(str(i)) for i in range(9)]), array(*[bulk(str(i)) for i in range(10)]),
    array(*[bulk(str(i)) for i in range(12)]), array(*[integer(i) for i in range(101)]),
    array(array()), array(array(), array()), array(array(A)), array(array(A, B), array(C)),
    array(A, array(B, C)), array(array(array(A))), array(array(array(array(A, B), C), A), B),
    array(bulk("0"), array(A, B, C)), array(bulk("17"), array()),
    array(array(bulk("1-1"), array(bulk("f"), bulk("v"))), array(bulk("1-2"), array(A, B))),
    array(*[array(A, bulk(str(i))) for i in range(11)]),
    array(*[array(*[bulk(str(i)) for i in range(11)]) for _ in range(11)]),
    array(array(A, NIL2), NILS, array(integer(-5), b"+OK\r\n")),
    array(array(b"-ERR deep\r\n"), array(b"-ERR deeper\r\n", array(b"-ERR deepest\r\n"))),
    array(bulk(b"\xe2\x82"), bulk("€")), array(bulk("message"), bulk("news"), bulk("hello")),
    array(bulk("k"), integer(1), array(bulk("x"), array(bulk("y"), array(bulk("z"))))),
    array(array(array(array(array(array(A)))))),
    array(array(A, array(B, array(C, array(A, array(B, C)))))),
    array(bulk("get"), integer(2), array(b"+readonly\r\n", b"+fast\r\n"), integer(1), integer(1),
          integer(1), array(b"+@read\r\n", b"+@string\r\n"), array(), array(), array()),
]

three = [
    NIL3, b"#t\r\n", b"#f\r\n", b",1.5\r\n", b",10\r\n", b",0\r\n", b",-0\r\n", b",-1.25\r\n",
    b",inf\r\n", b",-inf\r\n", b",nan\r\n", b",1e100\r\n", b",1.7976931348623157e+308\r\n",
    b",3.0000000000000004\r\n", b",0.1\r\n", b",123456789.125\r\n", b",5e-324\r\n",
    b"(3492890328409238509324850943850943825024385\r\n", b"(-1\r\n", b"(0\r\n",
    b"(-99999999999999999999999999\r\n",
    verbatim("plain text"), verbatim("two\nlines\n"), verbatim(""), verbatim("# title", "mkd"),
    verbatim("say \"hi\" \\"), verbatim("größe"), verbatim("ends here\n"),
    hash_(), hash_(A, B), hash_(A, integer(1), B, integer(2)), hash_(A, NIL3), hash_(A, b"#t\r\n"),
    hash_(*[x for i in range(10) for x in (bulk("k%d" % i), bulk("v%d" % i))]),
    hash_(*[x for i in range(11) for x in (bulk("k%d" % i), integer(i))]),
    hash_(A, array(B, C)), hash_(A, array()), hash_(A, hash_()), hash_(A, hash_(B, C)),
    hash_(A, hash_(B, hash_(C, A))), hash_(integer(1), b"+one\r\n"), hash_(b"+s\r\n", b",1.5\r\n"),
    hash_(A, set_(B, C), B, array(A)), hash_(bulk("key \"q\""), bulk("v\n")),
    hash_(array(A, B), C), hash_(hash_(A, B), C), hash_(A, b"-ERR inside\r\n"),
    hash_(bulk("ABCDEFGHIJKLMNOP"), array(A, B), bulk("x"), hash_(A, array(B, C))),
    hash_(*[x for i in range(10) for x in (bulk("k%d" % i), array(A, B))]),
    set_(), set_(A), set_(A, B, C), set_(integer(1), integer(2)), set_(array(A, B), C),
    set_(*[bulk(str(i)) for i in range(10)]), set_(*[bulk(str(i)) for i in range(12)]),
    set_(set_(A), set_()), set_(hash_(A, B)), set_(NIL3, b"#f\r\n", b",2.5\r\n"),
    array(NIL3), array(b"#t\r\n", b"#f\r\n"), array(b",1.5\r\n", b",inf\r\n"),
    array(hash_(A, B), hash_(B, C)), array(hash_(), set_(), array()), array(verbatim("text"), A),
    array(verbatim("two\nlines"), A), array(array(A, b",1\r\n"), array(B, b",2.5\r\n")),
    array(b"(12345678901234567890\r\n"), array(set_(A, B), hash_(A, set_(B))),
    array(A, hash_(B, hash_(C, array(A, hash_(B, C))))), hash_(A, verbatim("t\nu")),
    hash_(A, b"(12345678901234567890\r\n"), hash_(A, b",0.5\r\n", B, b"#f\r\n", C, NIL3),
    set_(b"-ERR inside\r\n"), set_(b"+OK\r\n", b"+NO\r\n"), array(array(hash_(A, array(B)))),
    hash_(bulk("server"), bulk("redis"), bulk("version"), bulk("7.0.15"), bulk("proto"),
          integer(3), bulk("id"), integer(5), bulk("mode"), bulk("standalone"), bulk("role"),
          bulk("master"), bulk("modules"), array()),
    b"!21\r\nSYNTAX invalid syntax\r\n", b"!5\r\nERR x\r\n", array(b"!5\r\nERR x\r\n", A),
    b">2\r\n" + A + B + b"+OK\r\n", b">0\r\n+OK\r\n",
    b">3\r\n" + bulk("message") + bulk("news") + bulk("hi") + b"+OK\r\n",
    b">2\r\n" + bulk("invalidate") + array(bulk("k")) + bulk("value"),
    b"|1\r\n+ttl\r\n:3600\r\n" + bulk("value"), array(b"|1\r\n+ttl\r\n:1\r\n" + A, B),
    hash_(A, array(verbatim("two\nlines"))), hash_(A, array(array(B, C))),
    hash_(A, set_(hash_(A, B, B, C))), hash_(A, hash_(A, B, B, C)), hash_(A, array(array(B))),
    hash_(A, hash_(A, verbatim("two\nlines"))), hash_(A, array(bulk("two\nlines"))),
    hash_(array(verbatim("two\nlines")), A), hash_(A, hash_(array(B, C), A)),
    hash_(A, array(verbatim("x\n"))), hash_(A, verbatim("x\n")), hash_(A, array(set_())),
    hash_(A, array(b"-ERR inside\r\n")), set_(hash_(A, array(B, C)), hash_(B, array(A))),
]

# Commands whose text is printed as it is, quotes and all, where a terminal is concerned.
commands = [
    ("INFO", bulk("# Server\r\nversion:1\r\n")), ("info server", bulk("# Server\r\nversion:1\r\n")),
    ("LOLWUT", bulk("art\nRedis ver. 7\n")), ("CLIENT LIST", bulk("id=3 addr=127.0.0.1:1\n")),
    ("CLIENT INFO", bulk("id=3 addr=127.0.0.1:1\n")), ("CLIENT ID", integer(3)),
    ("MEMORY DOCTOR", bulk("Sam, I detected\n")), ("MEMORY MALLOC-STATS", bulk("malloc\nstats")),
    ("MEMORY STATS", array(bulk("peak.allocated"), integer(1))),
    ("LATENCY DOCTOR", bulk("Dave\n")), ("LATENCY GRAPH x", bulk("graph\n")),
    ("CLUSTER INFO", bulk("cluster_enabled:0\r\n")), ("CLUSTER NODES", bulk("id host\n")),
    ("DEBUG HTSTATS 0", bulk("table\n")), ("DEBUG HTSTATS-KEY k", bulk("table\n")),
    ("INFO", b"-ERR no\r\n"), ("INFO", verbatim("# Server\r\nversion:1\r\n")),
    ("LOLWUT", verbatim("art\n")), ("CONFIG GET info", array(A, B)), ("GET info", bulk("x\n")),
    ("INFO", NIL2), ("CLIENT LIST", array(A, bulk("b\n"))), ("client list", bulk("a\n")),
    ("LATENCY HISTOGRAM", bulk("a\n")), ("CLUSTER SLOTS", bulk("a\n")), ("PROXY INFO", bulk("a\n")),
    ("ECHO x", bulk("x\n")), ("ACL LOG", bulk("a\n")), ("SLOWLOG GET", bulk("a\n")),
]

reply = b""


def serve(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def answer(connection):
    data = b""
    while True:
        try:
            part = connection.recv(65536)
        except OSError:
            return
        if not part:
            return
        data += part
        if b"HELLO" in data:
            connection.sendall(b"%1\r\n$5\r\nproto\r\n:3\r\n")
            data = b""
        elif data:
            connection.sendall(reply)
            data = b""


def run(arguments, terminal):
    if not terminal:
        return subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=5).stdout
    main, side = pty.openpty()
    modes = termios.tcgetattr(side)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(side, termios.TCSANOW, modes)
    process = subprocess.Popen(arguments, stdin=side, stdout=side, stderr=side)
    os.close(side)
    output = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        output += part
    os.close(main)
    process.wait(timeout=5)
    return output


def escaped(data):
    names = {92: "\\\\", 9: "\\t", 10: "\\n", 13: "\\r"}
    return "".join(names.get(b) or (chr(b) if 32 <= b < 127 else "\\x%02x" % b) for b in data)


def main():
    global reply
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    port = str(listener.getsockname()[1])
    table = [(2, "GET k", wire) for wire in both]
    table += [(3, "GET k", wire) for wire in both + three]
    table += [(version, line, wire) for line, wire in commands for version in (2, 3)
              if version == 3 or not wire.startswith(b"=")]
    for version, line, wire in table:
        reply = wire
        arguments = ["redis-cli", "-p", port, "-%d" % version] + line.split(" ")
        fields = [run(arguments, terminal) for terminal in (True, False)]
        # Types that RESP3 has and redis-cli 7.0 has not.
        if b"Unknown reply type" in fields[0] or fields[0].startswith(b"Error: "):
            continue
        print("\t".join([str(version), line] + [escaped(x) for x in [wire] + fields]))


main()
