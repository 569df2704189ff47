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
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        // C: built-in files, and libraries made callable.
        .target(name: "CClipriseData"),
        .target(name: "CClipriseJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CLame", providers: [.apt(["libmp3lame-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Vocabulary, and what needs nothing else.
        .target(name: "ClipriseLocks", swiftSettings: settings),
        .target(name: "ClipriseWire", swiftSettings: settings),
        .target(name: "ClipriseJSON", dependencies: ["CClipriseJSON", "ClipriseWire"], swiftSettings: settings),
        .target(
            name: "ClipriseCatalog", dependencies: ["CClipriseData", "ClipriseJSON", "ClipriseWire"],
            swiftSettings: settings),
        .target(
            name: "ClipriseMedia", dependencies: ["CJPEG", "CLame", "CZip", "CZlib", "ClipriseLocks", "ClipriseWire"],
            swiftSettings: settings),
        .target(
            name: "MicroHTTPD", dependencies: ["CMicroHTTPD", "ClipriseLocks", "ClipriseWire"],
            swiftSettings: settings),

        // The engine, and what stands around it.
        .target(
            name: "ClipriseEngine", dependencies: ["ClipriseCatalog", "ClipriseWire"], swiftSettings: settings),
        .target(
            name: "ClipriseAdmin", dependencies: ["ClipriseEngine", "ClipriseJSON", "ClipriseWire"],
            swiftSettings: settings),

        .target(
            name: "ClipriseServer",
            dependencies: [
                "ClipriseAdmin", "ClipriseCatalog", "ClipriseEngine", "ClipriseLocks", "ClipriseMedia", "ClipriseWire",
                "MicroHTTPD",
            ], swiftSettings: settings),
        .executableTarget(
            name: "cliprise-mock",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseJSON", "ClipriseServer", "ClipriseWire", "MicroHTTPD",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),

        // Tests of the program as its users meet it.
        .target(
            name: "ProgramRunner", dependencies: ["RawSocket"], path: "Tests/ProgramRunner", swiftSettings: settings),
        .testTarget(name: "CommandTests", dependencies: ["ProgramRunner", "RawSocket"], swiftSettings: settings),
        .testTarget(
            name: "InteropTests", dependencies: ["ProgramRunner"], exclude: ["clients"], swiftSettings: settings),

        // Tests: one target for each module, the contract's transcripts in both worlds, and what several of them share.
        .target(name: "RawSocket", path: "Tests/RawSocket", swiftSettings: settings),
        .testTarget(
            name: "ClipriseAdminTests",
            dependencies: ["ClipriseAdmin", "ClipriseEngine", "ClipriseJSON", "ClipriseWire"], swiftSettings: settings),
        .testTarget(
            name: "ClipriseCatalogTests", dependencies: ["ClipriseCatalog", "ClipriseJSON", "ClipriseWire"],
            swiftSettings: settings),
        .testTarget(
            name: "ClipriseEngineTests",
            dependencies: ["ClipriseCatalog", "ClipriseEngine", "ClipriseLocks", "ClipriseWire"],
            swiftSettings: settings),
        .testTarget(name: "ClipriseJSONTests", dependencies: ["ClipriseJSON"], swiftSettings: settings),
        .testTarget(name: "ClipriseLocksTests", dependencies: ["ClipriseLocks"], swiftSettings: settings),
        .testTarget(
            name: "ClipriseMediaTests", dependencies: ["ClipriseMedia", "ClipriseWire"], swiftSettings: settings),
        .testTarget(
            name: "ClipriseServerTests",
            dependencies: ["ClipriseCatalog", "ClipriseEngine", "ClipriseJSON", "ClipriseServer", "ClipriseWire"],
            swiftSettings: settings),
        .testTarget(name: "ClipriseWireTests", dependencies: ["ClipriseWire"], swiftSettings: settings),
        .testTarget(
            name: "ContractTests",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseJSON", "ClipriseLocks", "ClipriseMedia",
                "ClipriseServer", "ClipriseWire",
            ], swiftSettings: settings),
        .testTarget(name: "HouseTests", swiftSettings: settings),
        .testTarget(
            name: "HostileInputTests",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseJSON", "ClipriseServer", "ClipriseWire", "MicroHTTPD",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MicroHTTPDTests", dependencies: ["ClipriseLocks", "ClipriseWire", "MicroHTTPD", "RawSocket"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)
