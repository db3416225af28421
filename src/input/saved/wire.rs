//! The wire format of protocol buffers, as far as the root of a saved plan needs it.
//!
//! The format is documented at <https://protobuf.dev/programming-guides/encoding/>. A message is read as it comes, and
//! what nobody asked for is passed over without being kept: a large plan costs no more memory than a small one.

use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};

/// What is wrong with a message, in a few words that quote nothing of it.
pub(super) type Odd = &'static str;

/// The value of a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// A number, a truth value or a word of an enumeration.
    Number(u64),
    /// A text, or a message within the message.
    Bytes(Vec<u8>),
}

/// The longest text or inner message that is kept. Those that are asked for hold a version and the settings of a backend.
const LONGEST: u64 = 1 << 20;

/// Reads a message to its end; returns those of the wanted fields that are there.
///
/// The wanted fields are all singular. A reader of protocol buffers takes the last of several and merges messages; no
/// tool writes more than one, so whoever does wants two readers to see two things.
pub(super) fn read(input: &mut impl BufRead, wanted: &[u64]) -> Result<BTreeMap<u64, Field>, Odd> {
    let mut fields = BTreeMap::new();
    while !input.fill_buf().map_err(|_| DAMAGED)?.is_empty() {
        let tag = varint(input)?;
        let (number, kind) = (tag >> 3, tag & 7);
        if !(1..1 << 29).contains(&number) {
            return Err("a field has a number that there cannot be");
        }
        let is_wanted = wanted.contains(&number);
        let field = match kind {
            0 => Some(Field::Number(varint(input)?)).filter(|_| is_wanted),
            2 => {
                let length = varint(input)?;
                if is_wanted { Some(Field::Bytes(bytes(input, length)?)) } else { skip(input, length)? }
            }
            1 | 5 if is_wanted => return Err("a field is of another kind than it should be"),
            1 => skip(input, 8)?,
            5 => skip(input, 4)?,
            _ => return Err("a field is of a kind that is not in use"),
        };
        if field.is_some_and(|field| fields.insert(number, field).is_some()) {
            return Err("a field stands there twice");
        }
    }
    Ok(fields)
}

const DAMAGED: Odd = "it cannot be unpacked";
const CUT_OFF: Odd = "it ends in the middle of a field";

/// Seven bits a byte, the lowest first; the highest bit says that another byte follows.
fn varint(input: &mut impl BufRead) -> Result<u64, Odd> {
    let mut number = 0_u64;
    for place in 0..10_u32 {
        let mut byte = [0_u8];
        input.read_exact(&mut byte).map_err(|_| CUT_OFF)?;
        let [byte] = byte;
        let bits = u64::from(byte & 0x7f);
        let shifted = bits.checked_shl(place.saturating_mul(7)).unwrap_or(0);
        if place == 9 && bits > 1 {
            break;
        }
        number |= shifted;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err("a number has more than 64 bits")
}

fn bytes(input: &mut impl BufRead, length: u64) -> Result<Vec<u8>, Odd> {
    if length > LONGEST {
        return Err("a field is longer than it can be");
    }
    let mut bytes = Vec::new();
    let read = input.take(length).read_to_end(&mut bytes).map_err(|_| DAMAGED)?;
    if u64::try_from(read) == Ok(length) { Ok(bytes) } else { Err(CUT_OFF) }
}

fn skip(input: &mut impl BufRead, length: u64) -> Result<Option<Field>, Odd> {
    let read = std::io::copy(&mut input.take(length), &mut std::io::sink()).map_err(|_| DAMAGED)?;
    if read == length { Ok(None) } else { Err(CUT_OFF) }
}

#[cfg(test)]
mod tests {
    use super::{Field, read};

    #[test]
    fn wanted_fields_are_read_and_others_passed_over() {
        let message = [
            &[0x08, 0x96, 0x01][..],         // 1: 150
            &[0x12, 0x03, b'a', b'b', b'c'], // 2: "abc"
            &[0x1d, 1, 2, 3, 4],             // 3: four bytes
            &[0x21, 1, 2, 3, 4, 5, 6, 7, 8], // 4: eight bytes
            &[0xaa, 0x01, 0x02, b'h', b'i'], // 21: "hi"
        ]
        .concat();
        let fields = read(&mut &message[..], &[1, 21]).unwrap();
        let expected = [(1, Field::Number(150)), (21, Field::Bytes(b"hi".to_vec()))];
        assert_eq!(fields.into_iter().collect::<Vec<_>>(), expected);
        assert!(read(&mut &b""[..], &[1]).unwrap().is_empty());
    }

    #[test]
    fn what_is_odd_is_refused() {
        for (message, word) in [
            (&[0x08][..], "middle"),
            (&[0x08, 0x80], "middle"),
            (&[0x12, 0x05, b'a'], "middle"),
            (&[0x1a, 0x05, b'a'], "middle"),
            (&[0x21, 1, 2, 3], "middle"),
            (&[0x08, 1, 0x08, 1], "twice"),
            (&[0x0b], "not in use"),
            (&[0x00, 1], "cannot be"),
            (&[0x0d, 1, 2, 3, 4], "another kind"),
            (&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], "64 bits"),
            (&[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "longer"),
            (&[0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "middle"),
        ] {
            let odd = read(&mut &message[..], &[1, 2]).unwrap_err();
            assert!(odd.contains(word), "{message:?}: {odd}");
        }
        let largest = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(read(&mut &largest[..], &[1]).unwrap().get(&1), Some(&Field::Number(u64::MAX)));
    }
}
