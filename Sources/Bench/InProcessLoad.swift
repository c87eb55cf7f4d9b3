/// `larder bench --in-process`.
struct InProcessLoad {
    init(_ options: BenchOptions, _ report: BenchReport) {}
    func run() throws(BenchError) { throw BenchError("not yet") }
}
