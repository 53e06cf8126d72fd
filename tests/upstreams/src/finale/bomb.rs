//! A gzip body that is small on the wire and large in memory.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

const MEBIBYTE: usize = 1024 * 1024;
/// Magic number, deflate, no flags, no time, best compression, unknown system.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/// JSON with so many mebibytes of white space in it, as one gzip member.
///
/// The white space is deflated once and repeated: after a full flush a block stands on its own.
pub(crate) fn bomb(inflated_mib: usize) -> Vec<u8> {
    let (filling, filling_crc) = deflated(&vec![b' '; MEBIBYTE], FlushCompress::Full);
    let (start, mut crc) = deflated(b"{\"productId\":[", FlushCompress::Full);
    let (end, end_crc) = deflated(b"]}", FlushCompress::Finish);
    let mut body = GZIP_HEADER.to_vec();
    body.extend_from_slice(&start);
    for _ in 0..inflated_mib {
        body.extend_from_slice(&filling);
        crc.combine(&filling_crc);
    }
    body.extend_from_slice(&end);
    crc.combine(&end_crc);
    body.extend_from_slice(&crc.sum().to_le_bytes());
    body.extend_from_slice(&crc.amount().to_le_bytes());
    body
}

fn deflated(bytes: &[u8], flush: FlushCompress) -> (Vec<u8>, Crc) {
    let mut compress = Compress::new(Compression::best(), false);
    // White space shrinks a thousandfold, and a few bytes grow by less than this.
    let mut out = Vec::with_capacity(bytes.len() / 100 + 64);
    let status = compress
        .compress_vec(bytes, &mut out, flush)
        .expect("memory is enough to deflate into");
    debug_assert_ne!(
        status,
        Status::BufError,
        "the room is reckoned for white space"
    );
    let mut crc = Crc::new();
    crc.update(bytes);
    (out, crc)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_body_is_one_valid_member_that_inflates_to_json() {
        let body = bomb(3);
        assert!(body.len() < 8 * 1024, "{}", body.len());
        let mut inflated = String::new();
        flate2::read::GzDecoder::new(&body[..])
            .read_to_string(&mut inflated)
            .unwrap();
        assert_eq!(inflated.len(), 3 * MEBIBYTE + 16);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&inflated).unwrap(),
            serde_json::json!({ "productId": [] })
        );
    }
}
