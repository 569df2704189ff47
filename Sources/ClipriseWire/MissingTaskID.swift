/// What programs send as a `taskId` when they have none.
public enum MissingTaskID {
    /// Why such a request is refused; who judges clients knows it by this.
    public static let hint = "the taskId is empty, absent, or what stands for none, such as undefined"

    /// What languages write for nothing, in small letters.
    private static let words: Set<String> = ["", "undefined", "null", "none", "nil", "nan"]

    /// Whether it is absent, a word for nothing, or a whole value written as a text (`[object Object]`, `{'code': 400}`, `<nil>`).
    public static func isMeant(by id: ArraySlice<UInt8>?) -> Bool {
        guard let first = id?.first else { return true }
        if "[{<(".utf8.contains(first) { return true }
        return words.contains(String(decoding: id ?? [], as: UTF8.self).lowercased())
    }
}
