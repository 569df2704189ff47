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
        .target(name: "ClipriseWire", swiftSettings: settings),
        .testTarget(name: "ClipriseWireTests", dependencies: ["ClipriseWire"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
