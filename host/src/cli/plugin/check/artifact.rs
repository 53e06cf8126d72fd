//! What can be read from the file itself, without running any of it.

use std::path::Path;

use bestand_plugin_api::abi::abi_stable::library::ROOT_MODULE_LOADER_NAME;
use bestand_plugin_api::conformance::{Finding, TestReport};
use object::read::elf::{ElfFile64, FileHeader as _};
use object::{Endianness, Object as _, ObjectSection as _, ObjectSymbol as _};

/// The oldest system that is promised: Debian 12 and Ubuntu 22.04 are at least this.
const GLIBC_MAX: (u32, u32) = (2, 35);
/// A library larger than this is worth a look.
const BYTES_NOTED: usize = 64 << 20;

const AREA: &str = "file";

type File<'a> = ElfFile64<'a, Endianness>;

/// All that is wrong with the file.
pub(super) fn look_at(library: &Path) -> Vec<TestReport> {
    let bytes = std::fs::read(library).unwrap_or_default();
    let Ok(file) = File::parse(&*bytes) else {
        let finding = Finding::must_fix("read the file")
            .expected("an ELF library of 64 bits")
            .seen("something else")
            .way_out("hand in what `cargo build --release` makes: `lib….so`");
        return vec![TestReport::ended(
            "the_file_is_a_library",
            AREA,
            vec![finding],
        )];
    };
    let report = |name, findings| TestReport::ended(name, AREA, findings);
    vec![
        report(
            "the_library_exports_its_root_and_nothing_else",
            exports(&file),
        ),
        report("the_library_runs_on_older_systems", glibc(&file)),
        report("the_library_carries_no_runtime", runtimes(&file)),
        report(
            "the_library_is_small_and_stripped",
            size(&file, bytes.len()),
        ),
    ]
}

fn exports(file: &File<'_>) -> Vec<Finding> {
    let symbols = file.dynamic_symbols();
    let exported: Vec<&str> = symbols
        .filter(|symbol| symbol.is_definition() && symbol.is_global())
        .filter_map(|symbol| symbol.name().ok())
        .collect();
    let is_root = |name: &&&str| **name == ROOT_MODULE_LOADER_NAME;
    let roots = exported.iter().filter(is_root).count();
    let others: Vec<&str> = exported
        .iter()
        .filter(|name| !is_root(name))
        .copied()
        .collect();
    let mut findings = Vec::new();
    if roots != 1 {
        findings.push(
            Finding::must_fix("looked for what the library exports")
                .expected("one root")
                .seen(format!("{roots}"))
                .way_out("write `export_adapter!` once, in the crate that is the library"),
        );
    }
    if !others.is_empty() {
        let shown: Vec<&str> = others.iter().take(5).copied().collect();
        findings.push(
            Finding::should_fix("looked for what the library exports")
                .expected("its root and nothing else")
                .seen(format!(
                    "{} more, such as `{}`",
                    others.len(),
                    shown.join("`, `")
                ))
                .way_out("remove `#[no_mangle]` and C libraries that export their names"),
        );
    }
    findings
}

/// The newest glibc that a symbol asks for.
fn glibc(file: &File<'_>) -> Vec<Finding> {
    let Some((major, minor)) = newest_glibc(file) else {
        return Vec::new();
    };
    match (major, minor) > GLIBC_MAX {
        true => vec![
            Finding::should_fix("looked for the newest glibc that the library needs")
                .expected(format!("{}.{} at most", GLIBC_MAX.0, GLIBC_MAX.1))
                .seen(format!("{major}.{minor}: it does not open on an older system"))
                .way_out("build on the oldest system you serve, or with `cargo zigbuild --target x86_64-unknown-linux-gnu.2.35`"),
        ],
        false => Vec::new(),
    }
}

fn newest_glibc(file: &File<'_>) -> Option<(u32, u32)> {
    let endian = file.endian();
    let header = file.elf_header();
    let sections = header.sections(endian, file.data()).ok()?;
    let (mut verneeds, link) = sections.gnu_verneed(endian, file.data()).ok()??;
    let strings = sections.strings(endian, file.data(), link).ok()?;
    let mut newest = None;
    while let Ok(Some((_, mut auxiliaries))) = verneeds.next() {
        while let Ok(Some(auxiliary)) = auxiliaries.next() {
            let name = auxiliary.name(endian, strings).unwrap_or_default();
            newest = newest.max(version(&String::from_utf8_lossy(name)));
        }
    }
    newest
}

/// `GLIBC_2.34`.
fn version(name: &str) -> Option<(u32, u32)> {
    let mut numbers = name.strip_prefix("GLIBC_")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn runtimes(file: &File<'_>) -> Vec<Finding> {
    const RUNTIMES: [&str; 4] = ["tokio7runtime", "async_std", "smol8executor", "actix_rt"];
    let mut names = file.symbols().filter_map(|symbol| symbol.name().ok());
    let found = names.find(|name| RUNTIMES.iter().any(|runtime| name.contains(runtime)));
    let Some(name) = found else {
        return Vec::new();
    };
    vec![
        Finding::must_fix("looked for an async runtime in the library")
            .expected("none: futures are polled by the host, and a sandboxed plugin has no threads")
            .seen(format!("`{name}`"))
            .way_out("remove the dependency that brings it; time and I/O come from `Ctx`"),
    ]
}

fn size(file: &File<'_>, bytes: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file
        .sections()
        .any(|section| section.name() == Ok(".debug_info"))
    {
        findings.push(
            Finding::note("looked for debug information")
                .seen("it is there, so this is no release build")
                .way_out("ship what `cargo build --release` makes, with `strip = \"symbols\"` in `[profile.release]`"),
        );
    }
    if bytes > BYTES_NOTED {
        findings.push(
            Finding::note("weighed the library")
                .seen(format!("{} MiB, which every worker holds", bytes >> 20)),
        );
    }
    findings
}
