//! A zip archive as the tools write it, and nothing more lenient than that.
//!
//! Readers of zip disagree about archives that are put together cleverly: which directory counts, which of two entries of
//! one name. What is read here must be what the tool reads, so an archive has one directory, right before its end record,
//! which is the end of the file, as <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT> lays it out in 4.3.6.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Cursor, Read as _};

use zip::ZipArchive;

use super::wire::Odd;
use crate::input::{InputError, Limits};

const TWO_WAYS: Odd = "its directory can be read in two ways";
/// Chance puts the mark of an end record into compressed bytes, but hardly ever so often.
const MOST_ENDS: usize = 16;

/// An archive that is open, and how many bytes may still be unpacked.
pub(super) struct Archive<'a> {
    name: &'a str,
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
    limit: usize,
}

impl<'a> Archive<'a> {
    /// Opens an archive. Nothing is unpacked yet.
    pub(super) fn open(name: &'a str, bytes: &'a [u8], limits: &Limits) -> Result<Self, InputError> {
        let directory = Directory::find(bytes).map_err(|odd| malformed(name, odd))?;
        let names = directory.names(bytes).map_err(|odd| malformed(name, odd))?;
        if names.len() > names.iter().collect::<BTreeSet<_>>().len() {
            return Err(malformed(name, "two of its entries have one name"));
        }
        // The library tries every end record that there is, and reads a whole directory for each.
        if bytes.windows(4).filter(|four| four == b"PK\x05\x06").count() > MOST_ENDS {
            return Err(malformed(name, TWO_WAYS));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| malformed(name, "its directory cannot be read"))?;
        let same = zip.offset() == 0
            && zip.len() == names.len()
            && usize::try_from(zip.central_directory_start()) == Ok(directory.start);
        if !same {
            return Err(malformed(name, TWO_WAYS));
        }
        Ok(Self { name, zip, left: u64::try_from(limits.bytes).unwrap_or(u64::MAX), limit: limits.bytes })
    }

    /// The names of all entries, in the order of the directory.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.zip.file_names()
    }

    /// An entry of this name is there.
    pub(super) fn has(&self, entry: &str) -> bool {
        self.zip.index_for_name(entry).is_some()
    }

    /// Unpacks an entry while it is being read.
    pub(super) fn read<T>(
        &mut self,
        entry: &str,
        with: impl FnOnce(&mut dyn BufRead) -> Result<T, Odd>,
    ) -> Result<T, InputError> {
        let odd = |odd: Odd| malformed(self.name, &format!("its part {entry} is not as a tool writes it: {odd}"));
        let file = self.zip.by_name(entry).map_err(|_| odd("it cannot be unpacked"))?;
        let size = file.size();
        self.left = self.left.checked_sub(size).ok_or_else(|| InputError::too_large(self.name, self.limit))?;
        // One byte more than there should be shows that there is more; the checksum is compared at the end.
        let mut reader = BufReader::new(file.take(size.saturating_add(1)));
        let read = with(&mut reader).map_err(odd)?;
        std::io::copy(&mut reader, &mut std::io::sink()).map_err(|_| odd("it cannot be unpacked"))?;
        if reader.get_ref().limit() != 1 {
            return Err(odd("it is longer or shorter than the directory says"));
        }
        Ok(read)
    }

    /// Unpacks an entry that is a text of at most this size.
    pub(super) fn text(&mut self, entry: &str, most: usize) -> Result<String, InputError> {
        self.read(entry, |input| {
            let mut bytes = Vec::new();
            let most = u64::try_from(most).unwrap_or(u64::MAX);
            input.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| "it cannot be unpacked")?;
            if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
                return Err("it is larger than a text of that kind can be");
            }
            String::from_utf8(bytes).map_err(|_| "it is not UTF-8")
        })
    }
}

/// An error about a file that begins like a saved plan.
pub(super) fn malformed(name: &str, what: &str) -> InputError {
    InputError::new(name, format!("this saved plan is malformed: {what}"))
        .help("make it again with `terraform plan -out=tfplan`, and check that the upload was complete")
}

/// Where the directory lies.
struct Directory {
    start: usize,
    end: usize,
    entries: usize,
}

impl Directory {
    /// Reads the end record: its signature, two disk numbers, two counts, size and place of the directory, and the
    /// length of a comment, which must be none.
    fn find(bytes: &[u8]) -> Result<Self, Odd> {
        const CUT: Odd = "it does not end as a zip archive does, so it is cut off or has something behind it";
        let (before, end) = bytes.split_last_chunk::<22>().ok_or(CUT)?;
        let [b'P', b'K', 5, 6, 0, 0, 0, 0, n0, n1, m0, m1, s0, s1, s2, s3, o0, o1, o2, o3, 0, 0] = *end else {
            return Err(CUT);
        };
        let place = |bytes: [u8; 4]| usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(usize::MAX);
        let (size, start) = (place([s0, s1, s2, s3]), place([o0, o1, o2, o3]));
        let (count, all) = (u16::from_le_bytes([n0, n1]), u16::from_le_bytes([m0, m1]));
        if count == u16::MAX || [size, start].contains(&place([0xff; 4])) {
            return Err("it has more parts than a saved plan can have");
        }
        if count != all || start.checked_add(size) != Some(before.len()) {
            return Err("its directory is not where it should be");
        }
        Ok(Self { start, end: before.len(), entries: usize::from(count) })
    }

    /// The names in the directory, which must be nothing but as many entries as the end record says.
    fn names<'a>(&self, bytes: &'a [u8]) -> Result<Vec<&'a [u8]>, Odd> {
        const ODD: Odd = "its directory is not as long as it says";
        let mut rest = bytes.get(self.start..self.end).unwrap_or_default();
        let mut names = Vec::new();
        for _ in 0..self.entries {
            let (head, behind) = rest.split_first_chunk::<46>().ok_or(ODD)?;
            let [b'P', b'K', 1, 2, middle @ .., _, _, _, _, _, _, _, _, _, _, _, _] = head else { return Err(ODD) };
            let lengths = middle.last_chunk::<6>().ok_or(ODD)?;
            let [n0, n1, e0, e1, c0, c1] = lengths.map(usize::from);
            let long = |low: usize, high: usize| high.saturating_mul(256).saturating_add(low);
            let (name, others) = (long(n0, n1), long(e0, e1).saturating_add(long(c0, c1)));
            names.push(behind.get(..name).ok_or(ODD)?);
            rest = behind.get(name.saturating_add(others)..).ok_or(ODD)?;
        }
        if rest.is_empty() { Ok(names) } else { Err(ODD) }
    }
}
