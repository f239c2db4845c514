"""What the built binary is linked with: the Swift packages, the Swift runtime, and Debian's libraries; their licences,
and a list in CycloneDX; imported by scripts."""

import json
import subprocess
import time
import urllib.parse
import uuid

LIBRARIES = {
    "libxml2": "libxml2",
    "libsqlite3-0": "SQLite",
    "zlib1g": "zlib",
    "libzstd1": "Zstandard",
    "libpq5": "libpq",
}
APACHE = "Apache-2.0"


def components(build, root):
    """The components, by name: `name`, `version`, `purl`, `license` (SPDX, or None), and `texts`, which have to go with
    a copy: of the Swift packages and the runtime, not of Debian's, which come as packages of their own."""
    pins = json.loads((root / "Package.resolved").read_text())["pins"]
    found = [package(pin, build) for pin in pins]
    said = subprocess.run(["swift", "--version"], check=True, capture_output=True, text=True).stdout
    version = said.split("Swift version ")[1].split()[0]
    purl = f"pkg:github/swiftlang/swift@swift-{version}-RELEASE"
    notice = (
        "The Swift runtime, Dispatch and Foundation, under the Apache License 2.0 with the Runtime Library Exception.\n"
        "Foundation holds ICU (Unicode License V3), Copyright (c) 2016-2023 Unicode, Inc.\n"
    )
    found.append({"name": "Swift runtime", "version": version, "purl": purl, "license": APACHE, "texts": [notice]})
    for package_name, name in LIBRARIES.items():
        query = ["dpkg-query", "-W", "-f=${Version}", package_name]
        version = subprocess.run(query, check=True, capture_output=True, text=True).stdout
        purl = f"pkg:deb/debian/{package_name}@{urllib.parse.quote(version, safe=':~')}"
        found.append({"name": name, "version": version, "purl": purl, "license": None, "texts": []})
    return sorted(found, key=lambda component: component["name"].lower())


def package(pin, build):
    """A Swift package: its version by Package.resolved, and its licence by its own files."""
    address, version = pin["location"].removesuffix(".git"), pin["state"]["version"]
    directory = build / "checkouts" / address.rsplit("/", 1)[1]
    names = ["LICENSE", "LICENSE.txt", "LICENSE.md"]
    licence = next((directory / name).read_text() for name in names if (directory / name).exists())
    is_apache = "Apache License" in licence
    texts = [] if is_apache else [licence]
    texts += [path.read_text() for path in sorted(directory.glob("NOTICE*"))]
    texts += [path.read_text() for path in sorted(directory.glob("Sources/C*BoringSSL/LICENSE"))]
    return {
        "name": directory.name,
        "version": version,
        "purl": f"pkg:swift/{address.removeprefix('https://')}@{version}",
        "license": APACHE if is_apache else "MIT",
        "texts": texts,
    }


def copyright_text(found, licence):
    """Debian's copyright file: the project's licence, and those of what the binary holds."""
    parts = [f"groupload\n\n{licence.read_text()}"]
    parts.append(
        "The binary holds the following. Those under the Apache License 2.0 are Copyright by their authors, and the\n"
        "licence is in /usr/share/common-licenses/Apache-2.0 on Debian, and at https://www.apache.org/licenses.\n"
    )
    for component in found:
        if component["license"]:
            head = f"{component['name']} {component['version']} ({component['license']})"
            parts.append("\n".join([head, *(text.strip() for text in component["texts"])]) + "\n")
    return ("\n" + "-" * 80 + "\n\n").join(parts)


def bill(found, name, version, epoch):
    """The list of the components, as CycloneDX 1.5 has it."""
    own = {"type": "application", "bom-ref": name, "name": name, "version": version}
    listed = []
    for component in found:
        entry = {"type": "library", "bom-ref": component["purl"]}
        entry |= {key: component[key] for key in ("name", "version", "purl")}
        if component["license"]:
            entry["licenses"] = [{"license": {"id": component["license"]}}]
        listed.append(entry)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}@{version}')}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
            "component": own,
        },
        "components": listed,
        "dependencies": [{"ref": name, "dependsOn": [entry["bom-ref"] for entry in listed]}],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
