// fuzz-readers [READER|all] [COUNT] [SEED] [FIRST]: spoils sound inputs and has them read. A crash names the input in its
// last line; "fuzz-readers READER 1 SEED INDEX" reads that one again, and "fuzz-readers READER 0 SEED INDEX" prints it.

internal import CClipriseCrash
internal import Glibc
internal import ReaderFuzz

let words = CommandLine.arguments
let wanted = words.count > 1 ? words[1] : "all"
let count = words.count > 2 ? Int(words[2]) ?? 0 : 10_000
let seed = words.count > 3 ? UInt64(words[3]) ?? 1 : 1
let first = words.count > 4 ? Int(words[4]) ?? 0 : 0

"fuzz-readers".withCString { name in
    // For the whole life of the program.
    ccrash_install(strdup(name))
}
for reader in try FuzzedReader.all() where wanted == "all" || wanted == reader.name {
    if count == 0 {
        print(String(decoding: reader.input(seed: seed, index: first), as: UTF8.self))
        continue
    }
    let start = clock()
    let run = ReaderRun(reader, seed: seed, first..<first + count)
    run.finish()
    let seconds = Double(clock() - start) / 1e6
    print("\(reader.name): \(count) inputs, \(run.takenCount) taken, \(seconds) s")
}
