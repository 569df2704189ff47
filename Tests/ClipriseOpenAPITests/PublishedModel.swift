import Foundation

/// A model as the price table of the reference lists it.
struct PublishedModel: Decodable {
    struct Row: Decodable {
        var unit: String
        var credits: Int64
    }

    var model: String
    var prices: [Row]

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../fixtures").standardized

    static func all() throws -> [PublishedModel] {
        let table = try Data(contentsOf: fixtures.appending(path: "prices/published-prices.json"))
        return try JSONDecoder().decode([PublishedModel].self, from: table)
    }
}
