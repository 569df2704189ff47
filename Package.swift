// swift-tools-version: 6.1

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "cliprise-mock",
    products: [],
    targets: [
        .target(name: "CClipriseJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CClipriseData"),
        .target(name: "ClipriseJSON", dependencies: ["CClipriseJSON"], swiftSettings: settings),
        .target(
            name: "ClipriseCatalog", dependencies: ["CClipriseData", "ClipriseJSON", "ClipriseWire"],
            swiftSettings: settings),
        .target(
            name: "ClipriseEngine", dependencies: ["ClipriseCatalog", "ClipriseWire"], swiftSettings: settings),
        .target(name: "ClipriseWire", swiftSettings: settings),
        .testTarget(
            name: "ClipriseCatalogTests", dependencies: ["ClipriseCatalog", "ClipriseJSON", "ClipriseWire"],
            swiftSettings: settings),
        .testTarget(
            name: "ClipriseEngineTests", dependencies: ["ClipriseCatalog", "ClipriseEngine", "ClipriseWire"],
            swiftSettings: settings),
        .testTarget(name: "ClipriseJSONTests", dependencies: ["ClipriseJSON"], swiftSettings: settings),
        .testTarget(name: "ClipriseWireTests", dependencies: ["ClipriseWire"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)
