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
        .target(name: "ClipriseJSON", dependencies: ["CClipriseJSON"], swiftSettings: settings),
        .target(name: "ClipriseWire", swiftSettings: settings),
        .testTarget(name: "ClipriseJSONTests", dependencies: ["ClipriseJSON"], swiftSettings: settings),
        .testTarget(name: "ClipriseWireTests", dependencies: ["ClipriseWire"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
