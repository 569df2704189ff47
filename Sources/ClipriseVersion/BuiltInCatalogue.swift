internal import ClipriseFiles
internal import ClipriseWire

/// The built-in catalogue as a number, for programs that do not read it.
package enum BuiltInCatalogue {
    /// 16 hexadecimal digits, as the admin API shows them: `Catalog.contentHash` of the built-in models.
    package static var hashText: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The same function of the files' bytes as `Catalog.contentHash`, which stands above this module; a test holds
    /// one against the other.
    static var hash: UInt64 {
        BuiltInFiles.catalog.reduce(0) { mixWord($0, FileHash.of(UnsafeRawBufferPointer($1.bytes))) }
    }
}
