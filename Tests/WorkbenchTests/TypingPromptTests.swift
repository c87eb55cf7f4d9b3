import Glibc
import Testing

/// What a person sees while typing.
@Suite struct TypingPromptTests {
    @Test func tabCompletesAndTheMenuChooses() throws {
        let program = try TerminalProgram()
        try program.read(until: "\nlarder> ")
        try program.enter("MSET user:1 one user:2 two")
        program.type("GET us\t")
        try program.read(until: "GET user:")
        program.type("\t")
        let menu = try program.read(until: "user:1")
        #expect(menu.contains("user:"))
        // Enter takes the word and does not run the line.
        program.type("\t\r")
        try program.read(until: "> GET user:")
        #expect(try program.enter("").contains("\n\""))
        program.type("quit\r")
        #expect(try program.end() == 0)
    }

    @Test func theGhostIsTakenWithRight() throws {
        let program = try TerminalProgram(["--color", "always"])
        try program.read(until: "\nlarder> ")
        try program.enter("SET greeting hello")
        program.type("SET g")
        try program.read(until: "> SET greeting hello")
        program.type("\u{1B}[C")
        try program.read(until: "> SET greeting hello")
        #expect(try program.enter("").contains("\nOK\n"))
        program.type("OBJECT FREQ ")
        try program.read(until: "OBJECT FREQ key")
        program.type("\u{3}")
        // What was given up stays without its ghost.
        try program.read(until: "OBJECT FREQ ^C\nlarder> ")
        program.type("quit\r")
        #expect(try program.end() == 0)
    }

    @Test func anUnknownCommandHasNeighbours() throws {
        let program = try TerminalProgram(["--color", "never"])
        try program.read(until: "\nlarder> ")
        program.type("gte a")
        try program.read(until: "did you mean GET?")
        #expect(try program.enter("").contains("\nDid you mean GET?\n"))
        // Without colours the hint stands below and not in the line.
        program.type("OBJECT FREQ ")
        try program.read(until: "OBJECT FREQ \nkey")
        program.type("\u{3}")
        try program.read(until: "^C\nlarder> ")
        program.type("quit\r")
        #expect(try program.end() == 0)
    }

    @Test func aDumbTerminalHasPlainLines() throws {
        let program = try TerminalProgram(dumb: true)
        try program.read(until: "\nlarder> ")
        program.type("gte a\n")
        try program.read(until: "\nDid you mean GET?\nlarder> ")
        program.type("quit\n")
        #expect(try program.end() == 0)
    }
}
