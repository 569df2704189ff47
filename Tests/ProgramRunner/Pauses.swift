internal import Foundation

/// The pauses between the events that lines of JSON tell of, in seconds.
///
/// - Parameters:
///   - key: The member that says when, in nanoseconds.
///   - isOne: Whether the line is of such an event.
package func pauses(_ lines: String, at key: String, where isOne: ([String: Any]) -> Bool) -> [Double] {
    let instants = lines.split(separator: "\n").compactMap { line -> Double? in
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        guard let object, isOne(object), let at = object[key] as? NSNumber else { return nil }
        return at.doubleValue / 1e9
    }
    return zip(instants, instants.dropFirst()).map { $1 - $0 }
}
