import Bytes
import Engine
import Grammar
import Testing

@Suite("All settings")
struct AllSettingsTests {
    @Test("Every default is a value of its setting, and prints as it is taken")
    func defaults() throws {
        for flavour in Flavour.allCases {
            for setting in AllSettings.list {
                var settings = Settings()
                settings.flavour = flavour
                let before = setting.text(in: settings)
                var words = [before]
                if setting.takesSeveralWords {
                    words = before.bytes.split(separator: 0x20).map { ByteString(Array($0)) }
                }
                try setting.set(words, in: &settings, from: .command)
                #expect(setting.text(in: settings) == before, "\(setting.name)")
            }
        }
    }

    @Test("A setting's property and its declaration have one default")
    func properties() {
        var settings = Settings()
        for flavour in Flavour.allCases {
            settings.flavour = flavour
            for setting in AllSettings.list where setting.name != "flavour" {
                #expect(
                    setting.value(in: settings) == setting.initialValue(flavour),
                    "\(setting.name)")
            }
        }
    }

    @Test("Settings are found by name and alias, where the flavour has them")
    func names() {
        #expect(AllSettings.find("SLAVEOF", .redis70)?.name == "replicaof")
        #expect(AllSettings.find("set-max-listpack-value", .redis70) == nil)
        #expect(AllSettings.find("set-max-listpack-value", .redis72) != nil)
        #expect(AllSettings.find("availability-zone", .redis72) == nil)
        #expect(AllSettings.find("nosuch", .valkey80) == nil)
    }

    @Test("Settings have their effect")
    func effects() {
        let node = TestNode()
        node.send("SET k v")
        #expect(node.send("OBJECT FREQ k").hasPrefix("-ERR"))
        node.send("CONFIG SET maxmemory-policy allkeys-lfu timeout 30 maxclients 7 hz 50")
        #expect(node.store.settings.evictionPolicy == .allLFU)
        #expect(node.store.settings.timeout == 30)
        #expect(node.store.settings.maximumClients == 7)
        #expect(node.store.tickInterval == 20)
        #expect(
            node.store.effects.contains { if case .settingsChanged = $0 { true } else { false } })
    }

    @Test("Protected settings open to those that are allowed")
    func protected() throws {
        let local = TestNode {
            try? AllSettings.find("enable-protected-configs", .redis70)?
                .set(["local"], in: &$0, from: .file)
        }
        #expect(local.send("CONFIG SET dir /data") == "+OK\r\n")
        #expect(local.send("CONFIG SET dbfilename a/b").hasPrefix("-ERR CONFIG SET failed"))
        let remote = local.open(
            ConnectionOrigin(kind: .tcp, address: "10.0.0.1:1", isLocal: false))
        #expect(
            local.send("CONFIG SET dir /data", from: remote)
                == """
                -ERR CONFIG SET failed (possibly related to argument 'dir') - can't set \
                protected config\r\n
                """)
    }
}
