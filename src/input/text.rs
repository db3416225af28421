//! Encodings: UTF-8 with or without a byte-order mark, and UTF-16, which PowerShell's `>` writes.

use std::borrow::Cow;

use super::InputError;

/// Decodes a file's bytes.
///
/// # Errors
/// Where the bytes are in no known encoding, or are a saved plan, which is no text.
///
/// ```
/// use blastgate::input::decode;
///
/// assert_eq!(decode("plan.json", b"\xEF\xBB\xBF{}")?, "{}");
/// assert!(decode("tfplan", b"PK\x03\x04").unwrap_err().help.unwrap().contains("terraform show -json"));
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
pub fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, InputError> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Err(InputError::new(name, "this is a zip archive, as saved plans are, and no text").help(
            "show it first, with `terraform show -json tfplan > plan.json` or `tofu show -json`, and give plan.json",
        )),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(name, rest),
        [0xFF, 0xFE, rest @ ..] => utf16(name, rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(name, rest, u16::from_be_bytes),
        [first, 0, ..] if first.is_ascii() => utf16(name, bytes, u16::from_le_bytes),
        [0, first, ..] if first.is_ascii() => utf16(name, bytes, u16::from_be_bytes),
        _ => utf8(name, bytes),
    }
}

fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, InputError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        InputError::new(name, format!("it is not UTF-8: an invalid byte at offset {}", error.valid_up_to()))
            .help("a plan is JSON text as `terraform show -json tfplan` prints it")
    })
}

fn utf16<'a>(name: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'a, str>, InputError> {
    let bad = || {
        InputError::new(name, "it begins like UTF-16 but is not valid UTF-16")
            .help("write the plan again, as UTF-8 if you can")
    };
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(bad());
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
        .map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn every_way_of_writing_it_gives_the_same_text() {
        let text = "{\"é\":\"😀\"}";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let with = |mark: &[u8], body: &[u8]| [mark, body].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with(&[0xEF, 0xBB, 0xBF], text.as_bytes()),
            with(&[0xFF, 0xFE], &le),
            with(&[0xFE, 0xFF], &be),
            le,
            be,
        ] {
            assert_eq!(decode("p", &bytes).unwrap(), text);
        }
    }

    #[test]
    fn bad_bytes_are_refused() {
        for bytes in [&[b'{', 0xFF][..], &[0xFF, 0xFE, 0x00], &[0xFF, 0xFE, 0x00, 0xD8], b"PK\x03\x04zip"] {
            assert!(decode("p", bytes).is_err());
        }
    }
}
