//! Modules that were renamed as a whole: what nothing names in them goes along.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::statements::prefixes;
use super::ties::Ties;
use super::{Kind, Renames, Side};
use crate::facts::Facts;

/// So many objects must stand at the same places in two modules where no object in them is known by its name.
const FEWEST: usize = 2;

/// Where modules went: by the old address, all new ones.
type Moves<'m> = HashMap<&'m str, Vec<&'m str>>;

/// One side's modules: what stands in each, by its address there.
type Contents<'m, 'f, 'a> = BTreeMap<&'m str, Vec<(&'m str, &'m Kind<'f, 'a>, &'m Side<'f, 'a>)>>;

impl Renames {
    /// Where an object of a module was renamed into another module, the rest of it was too, unless something contradicts
    /// that or another object went elsewhere. So was all of a module where nothing but its address is another.
    pub(super) fn follow_modules(&mut self, facts: &Facts<'_, '_>, ties: &Ties<'_>, kinds: &[Kind<'_, '_>]) {
        let mut moves = self.moves(facts);
        self.whole(facts, ties, kinds, &mut moves);
        for kind in kinds {
            let made: HashMap<&str, &Side<'_, '_>> = kind.made.iter().map(|side| (side.address, side)).collect();
            for old in &kind.deleted {
                if self.to.contains_key(&old.place) {
                    continue;
                }
                let wanted = old.modules.iter().rev().find_map(|module| match moves.get(module)?.as_slice() {
                    [only] => Some(format!("{only}{}", old.address.get(module.len()..)?)),
                    _ => None,
                });
                let Some(new) = wanted.and_then(|wanted| made.get(wanted.as_str()).copied()) else { continue };
                if !self.from.contains_key(&new.place) && self.may_be_one(facts, ties, kind, (old, new)) {
                    self.add(old.place, new.place);
                }
            }
        }
    }

    /// What the pairs that are known say of modules.
    fn moves<'m>(&self, facts: &'m Facts<'_, '_>) -> Moves<'m> {
        let address = |place: &usize| facts.changes.get(*place).map(|change| change.change.address.as_ref());
        let pairs = self.to.iter().filter_map(|(from, to)| prefixes(address(from)?, address(to)?));
        let pairs: HashSet<(&str, &str)> = pairs.filter(|(from, to)| !from.is_empty() && !to.is_empty()).collect();
        let mut moves = Moves::new();
        for (from, to) in pairs {
            moves.entry(from).or_default().push(to);
        }
        moves
    }

    /// Adds modules that are deleted and made with the same contents, where only one of each has them.
    fn whole<'m>(&self, facts: &Facts<'_, '_>, ties: &Ties<'_>, kinds: &'m [Kind<'_, '_>], moves: &mut Moves<'m>) {
        let old = contents(kinds, |kind| &kind.deleted);
        let new = contents(kinds, |kind| &kind.made);
        let (of_old, of_new) = (by_shape(&old), by_shape(&new));
        for (shape, from) in &of_old {
            let ([from], Some([to])) = (from.as_slice(), of_new.get(shape).map(Vec::as_slice)) else { continue };
            if shape.len() < FEWEST || moves.contains_key(from) {
                continue;
            }
            let pairs = old.get(from).into_iter().flatten().zip(new.get(to).into_iter().flatten());
            let fits = pairs.into_iter().all(|((_, kind, old), (_, _, new))| {
                let free = self.to.get(&old.place).is_none_or(|known| *known == new.place);
                free && self.may_be_one(facts, ties, kind, (old, new))
            });
            if fits {
                moves.entry(from).or_default().push(to);
            }
        }
    }
}

fn contents<'m, 'f, 'a>(
    kinds: &'m [Kind<'f, 'a>],
    sides: impl Fn(&'m Kind<'f, 'a>) -> &'m Vec<Side<'f, 'a>>,
) -> Contents<'m, 'f, 'a> {
    let mut contents = Contents::new();
    for (kind, side) in kinds.iter().flat_map(|kind| sides(kind).iter().map(move |side| (kind, side))) {
        for module in &side.modules {
            let inside = side.address.get(module.len()..).unwrap_or_default();
            contents.entry(*module).or_default().push((inside, kind, side));
        }
    }
    for objects in contents.values_mut() {
        objects.sort_by_key(|(inside, _, side)| (*inside, side.place));
    }
    contents
}

/// The modules by what stands in them.
fn by_shape<'m>(contents: &Contents<'m, '_, '_>) -> BTreeMap<Vec<&'m str>, Vec<&'m str>> {
    let mut shapes: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    for (module, objects) in contents {
        shapes.entry(objects.iter().map(|(inside, _, _)| *inside).collect()).or_default().push(module);
    }
    shapes
}
