/// Bad usage or a bad file, in one line that says what to do.
struct Failure: Error {
    var message: String
}
