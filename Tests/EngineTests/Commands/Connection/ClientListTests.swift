import Engine
import Grammar
import Testing

@Suite("CLIENT LIST and CLIENT KILL")
struct ClientListTests {
    private func connect(_ node: TestNode, _ port: Int) -> Int {
        node.open(
            ConnectionOrigin(
                kind: .tcp, address: "127.0.0.1:\(port)", localAddress: "127.0.0.1:6379",
                descriptor: port - 100))
    }

    @Test("The fields of a line are those of the flavour, in their order")
    func fields() {
        let node = TestNode()
        let session = connect(node, 110)
        node.send("CLIENT SETNAME me", from: session)
        node.advance(milliseconds: 2500)
        let line = """
            id=2 addr=127.0.0.1:110 laddr=127.0.0.1:6379 fd=10 name=me age=2 idle=2 flags=e \
            db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=10 multi-mem=0 rbs=0 \
            rbp=0 obl=0 oll=0 omem=0 tot-mem=
            """
        node.send("CLIENT NO-EVICT ON", from: session)
        let got = node.lines("CLIENT INFO", from: session)[1]
        #expect(got.hasPrefix(line))
        #expect(got.hasSuffix(" events=r cmd=client|info user=default redir=-1 resp=2\\x0a"))
    }

    @Test("Later flavours name the library, and Valkey counts")
    func laterFields() {
        let node = TestNode(flavour: .redis72)
        #expect(node.send("CLIENT SETINFO lib-name redis-py") == "+OK\r\n")
        #expect(node.send("CLIENT SETINFO LIB-VER 5.0") == "+OK\r\n")
        #expect(
            node.send("CLIENT SETINFO lib-nam x") == "-ERR Unrecognized option 'lib-nam'\r\n")
        #expect(
            node.send("CLIENT SETINFO lib-name \"a b\"")
                == "-ERR lib-name cannot contain spaces, newlines or special characters.\r\n")
        #expect(node.send("CLIENT NO-TOUCH ON") == "+OK\r\n")
        let line = node.lines("CLIENT INFO")[1]
        #expect(line.contains(" flags=T "))
        #expect(line.hasSuffix(" resp=2 lib-name=redis-py lib-ver=5.0\\x0a"))
        let valkey = TestNode(flavour: .valkey80).lines("CLIENT INFO")[1]
        #expect(valkey.contains(" multi=-1 watch=0 qbuf="))
        #expect(valkey.contains(" lib-name= lib-ver= tot-net-in="))
    }

    @Test("A list is chosen by number or type, and is text for people in RESP3")
    func choice() {
        let node = TestNode()
        let session = connect(node, 110)
        #expect(node.send("CLIENT LIST TYPE replica") == "$0\r\n\r\n")
        #expect(node.lines("CLIENT LIST ID 2 7 1 2")[1].components("id=") == ["2", "1", "2"])
        node.send("HELLO 3", from: session)
        let reply = node.lines("CLIENT LIST TYPE normal", from: session)
        #expect(reply[0].hasPrefix("="))
        #expect(reply[1].hasPrefix("txt:id=1 "))
    }

    @Test("Connections are closed by address, number and age")
    func kill() {
        let node = TestNode(flavour: .valkey80)
        for port in 1...4 { _ = connect(node, port) }
        #expect(node.send("CLIENT KILL 127.0.0.1:1") == "+OK\r\n")
        #expect(node.send("CLIENT KILL 127.0.0.1:1") == "-ERR No such client\r\n")
        #expect(node.send("CLIENT KILL ADDR 127.0.0.1:2 LADDR nowhere") == ":0\r\n")
        #expect(node.send("CLIENT KILL LADDR 127.0.0.1:6379 ID 3 USER default") == ":1\r\n")
        node.advance(milliseconds: 10_000)
        node.tick()
        _ = connect(node, 5)
        #expect(node.send("CLIENT KILL TYPE normal MAXAGE 10") == ":2\r\n")
        #expect(
            node.send("CLIENT KILL MAXAGE 0") == "-ERR maxage should be greater than 0\r\n")
        #expect(node.send("CLIENT KILL SKIPME no ID 1") == ":1\r\n")
        #expect(closed(node) == [1, 2, 3, 4, 0])
    }

    private func closed(_ node: TestNode) -> [Int] {
        node.store.effects.compactMap { if case .close(let session) = $0 { session } else { nil } }
    }

    @Test("QUIT ends the connection once")
    func quit() {
        let node = TestNode()
        #expect(node.send("QUIT now") == "+OK\r\n")
        #expect(node.send("QUIT") == "+OK\r\n")
        #expect(closed(node) == [0])
    }

    @Test("A connection that is silent for longer than the timeout ends; our own stays")
    func timeout() {
        let node = TestNode { $0.timeout = 5 }
        let session = connect(node, 1)
        node.advance(milliseconds: 5000)
        node.tick()
        #expect(closed(node) == [])
        node.advance(milliseconds: 1000)
        node.tick()
        #expect(closed(node) == [session])
    }
}

extension String {
    /// What stands behind each `mark`, up to the next blank.
    fileprivate func components(_ mark: String) -> [String] {
        split(separator: " ").flatMap { $0.split(separator: "\\x0a") }
            .filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }
}
