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
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CLame", providers: [.apt(["libmp3lame-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "ClipriseMedia",
            dependencies: ["CJPEG", "CLame", "CZip", "CZlib", "ClipriseWire"],
            swiftSettings: settings),
        .testTarget(
            name: "ClipriseMediaTests", dependencies: ["ClipriseMedia", "ClipriseWire"], swiftSettings: settings),
        .testTarget(name: "ClipriseWireTests", dependencies: ["ClipriseWire"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
