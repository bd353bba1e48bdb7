//! The prefix tree of a pack. In: token sequences. Out: positions, each distinct prefix once, parents before children.
//!
//! A position stands for a prefix, not for a token: two sequences share a position exactly as long as everything before is equal.

use std::collections::BTreeMap;

/// Marks "no parent" and "not on the path".
const NONE: u32 = u32::MAX;

/// Positions in the order in which they were added.
#[derive(Default)]
pub struct Tree {
    tokens: Vec<u32>,
    parents: Vec<u32>,
    depths: Vec<u32>,
    children: BTreeMap<(u32, u32), u32>,
}

impl Tree {
    /// Number of positions.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Token at each position from `from` on.
    pub fn tokens(&self, from: usize) -> &[u32] {
        &self.tokens[from..]
    }

    /// Token at a position.
    #[cfg(test)]
    pub fn token(&self, position: u32) -> u32 {
        self.tokens[position as usize]
    }

    /// Number of tokens before a position.
    pub fn depth(&self, position: u32) -> usize {
        self.depths[position as usize] as usize
    }

    /// Position before this one.
    #[cfg(test)]
    pub fn parent(&self, position: u32) -> Option<u32> {
        Some(self.parents[position as usize]).filter(|parent| *parent != NONE)
    }

    /// Adds a sequence and returns the position of each token. With `share`, prefixes that are already there are found again.
    pub fn insert(&mut self, tokens: &[u32], share: bool) -> Vec<u32> {
        let mut parent = NONE;
        let step = |token: &u32| {
            let known = if share { self.children.get(&(parent, *token)).copied() } else { None };
            let position = known.unwrap_or_else(|| {
                let position = self.append(Some(parent).filter(|parent| *parent != NONE), *token);
                self.children.insert((parent, *token), position);
                position
            });
            parent = position;
            position
        };
        tokens.iter().map(step).collect()
    }

    /// Adds one position behind `parent` without looking for an equal one.
    pub fn append(&mut self, parent: Option<u32>, token: u32) -> u32 {
        let position = self.tokens.len() as u32;
        self.depths.push(parent.map_or(0, |parent| self.depths[parent as usize] + 1));
        self.parents.push(parent.unwrap_or(NONE));
        self.tokens.push(token);
        position
    }

    /// Writes the positions from the root to `position` into `path`. `path` must come from an earlier call on this tree (or be empty):
    /// what both paths share is not walked again.
    pub fn path(&self, position: u32, path: &mut Vec<u32>) {
        path.resize(self.depth(position) + 1, NONE);
        let mut current = position;
        for place in path.iter_mut().rev() {
            if *place == current {
                break;
            }
            *place = current;
            current = self.parents[current as usize];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sequences_share_positions_exactly_as_long_as_their_prefixes_agree() {
        let mut tree = Tree::default();
        assert_eq!(tree.insert(&[5, 6, 7], true), [0, 1, 2]);
        assert_eq!(tree.insert(&[5, 6, 8, 7], true), [0, 1, 3, 4]);
        assert_eq!(tree.insert(&[6], true), [5]);
        assert_eq!(tree.insert(&[5, 6], true), [0, 1]);
        assert_eq!(tree.insert(&[5, 6], false), [6, 7]);
        assert_eq!((tree.len(), tree.depth(4), tree.parent(3), tree.parent(5)), (8, 3, Some(1), None));
    }

    proptest! {
        #[test]
        fn every_path_leads_from_the_root_through_the_tokens_of_its_sequence(
            sequences in prop::collection::vec(prop::collection::vec(0u32..3, 1..8), 1..12), share: bool,
        ) {
            let mut tree = Tree::default();
            let positions: Vec<Vec<u32>> = sequences.iter().map(|tokens| tree.insert(tokens, share)).collect();
            let mut path = Vec::new();
            for (tokens, positions) in sequences.iter().zip(&positions) {
                tree.path(*positions.last().unwrap(), &mut path);
                prop_assert_eq!(&path, positions);
                let seen: Vec<u32> = path.iter().map(|position| tree.token(*position)).collect();
                prop_assert_eq!(&seen, tokens);
            }
        }
    }
}
