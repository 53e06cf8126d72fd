//! How long a library file must be to be mapped whole.
//!
//! The dynamic linker maps what the headers name without looking at the length of the file; the first touch behind
//! its end is a SIGBUS that takes the daemon down. A half-copied plugin is an everyday accident, so it is found here.

use std::io::{self, Read, Seek, SeekFrom};

/// 64 bits, little endian: what every platform we run on uses. Others are the linker's to refuse.
const IDENTITY: &[u8] = b"\x7fELF\x02\x01";
const HEADER_BYTES: u64 = 64;
const PROGRAM_HEADER_BYTES: usize = 56;
/// A program header of this type is mapped from the file.
const PT_LOAD: u64 = 1;

/// The length its headers ask for; 0 when it is no library at all, which the linker says better.
pub(super) fn bytes_needed(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    let header = read_at(file, 0, HEADER_BYTES)?;
    if !header.starts_with(IDENTITY) {
        return Ok(0);
    }
    let table = |offset: u64, count: u64, entry_bytes: u64| {
        offset.saturating_add(count.saturating_mul(entry_bytes))
    };
    let sections_end = table(
        number(&header, 40, 8),
        number(&header, 60, 2),
        number(&header, 58, 2),
    );
    let programs = number(&header, 32, 8);
    let programs_end = table(
        programs,
        number(&header, 56, 2),
        PROGRAM_HEADER_BYTES as u64,
    );

    let programs = read_at(file, programs, programs_end - programs)?;
    let mapped = programs
        .chunks(PROGRAM_HEADER_BYTES)
        .filter(|program| number(program, 0, 4) == PT_LOAD)
        .map(|program| number(program, 8, 8).saturating_add(number(program, 32, 8)));
    Ok(mapped.fold(sections_end.max(programs_end), u64::max))
}

/// Up to so many bytes from there.
fn read_at(file: &mut (impl Read + Seek), offset: u64, bytes: u64) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    file.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}

/// The little-endian number there; what is missing counts as zero.
fn number(bytes: &[u8], offset: usize, length: usize) -> u64 {
    let digits = bytes.iter().skip(offset).take(length).rev();
    digits.fold(0, |number, digit| number << 8 | u64::from(*digit))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A header that names a section table and one mapped piece.
    fn library(sections: u64, piece: (u64, u64)) -> Vec<u8> {
        let mut bytes = vec![0; 64 + PROGRAM_HEADER_BYTES];
        let mut put = |offset: usize, number: &[u8]| {
            bytes[offset..offset + number.len()].copy_from_slice(number);
        };
        put(0, IDENTITY);
        put(32, &HEADER_BYTES.to_le_bytes());
        put(40, &sections.to_le_bytes());
        put(56, &1_u16.to_le_bytes());
        put(58, &64_u16.to_le_bytes());
        put(60, &10_u16.to_le_bytes());
        put(64, &[1]);
        put(64 + 8, &piece.0.to_le_bytes());
        put(64 + 32, &piece.1.to_le_bytes());
        bytes
    }

    fn check(bytes: Vec<u8>, needed: u64) {
        assert_eq!(bytes_needed(&mut Cursor::new(bytes)).unwrap(), needed);
    }

    #[test]
    fn a_file_must_reach_to_the_end_of_what_its_headers_name() {
        check(library(5000, (0, 4096)), 5640);
        check(library(500, (4096, 4096)), 8192);
        check(library(u64::MAX, (u64::MAX, 1)), u64::MAX);
    }

    #[test]
    fn what_is_no_library_needs_nothing() {
        check(b"A letter.".to_vec(), 0);
        check(Vec::new(), 0);
        check(library(0, (0, 0))[..20].to_vec(), 0);
    }
}
