import Foundation
import PackagePlugin

/// Builds the library that `exec --virtual-time` preloads, and puts its bytes into a Swift file as text.
///
/// So one program is all that has to be carried anywhere. The library depends on libc alone.
@main struct EmbedVirtualTime: BuildToolPlugin {
    private static let script = """
        set -e
        library=$1 source=$2
        shift 2
        "$@" -o "$library"
        {
            printf '/// The library that is preloaded, in base 64.\\nlet libraryText: StaticString = "'
            base64 -w 0 <"$library"
            printf '"\\n'
        } >"$source"
        """

    private static let flags = [
        "-std=gnu2x", "-O2", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror",
        // glibc declares parameters never NULL that callers do leave out.
        "-Wno-pointer-bool-conversion", "-D_GNU_SOURCE", "-shared", "-Wl,-z,defs", "-Wl,-s",
        // The usual linker here, gold, hashes the names of temporary files into what it writes.
        "-fuse-ld=bfd",
    ]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "Sources/CVirtualTime")
        let sources = try files(in: folder.appending(path: "preload"), endings: ["c"])
        let headers =
            try files(in: folder.appending(path: "preload"), endings: ["h"]) + files(in: folder, endings: ["h"])
        let library = context.pluginWorkDirectoryURL.appending(path: "virtual-time.so")
        let source = context.pluginWorkDirectoryURL.appending(path: "LibraryText.swift")
        let compiler = try context.tool(named: "clang").url
        return [
            .buildCommand(
                displayName: "Building the library of virtual time", executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", Self.script, "sh", library.path, source.path, compiler.path] + Self.flags
                    + sources.map(\.path),
                inputFiles: sources + headers, outputFiles: [source])
        ]
    }

    private func files(in folder: URL, endings: Set<String>) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { endings.contains($0.pathExtension) }.sorted { $0.path < $1.path }
    }
}
