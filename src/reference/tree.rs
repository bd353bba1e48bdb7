//! The answers to one prompt as a tree of tokens: at every node the grammar's exact distribution of the next token.
//!
//! In: answers with probabilities. Out: a tree for training (soft targets), for the exact check and for sampling.

use tokenizers::Tokenizer;

use super::grammar::Answer;
use super::net::Batch;
use super::tokens::EOS;
use super::{ReferenceError, file_error};

/// Answers as a tree of tokens; node 0 stands before the first token.
#[derive(Clone, Debug)]
pub struct TokenTree {
    /// Nodes; a child stands behind its parent.
    pub nodes: Vec<Node>,
    /// The answers, as given.
    pub answers: Vec<Answer>,
}

/// A beginning of an answer.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Token that leads here; 0 at the root.
    pub token: u32,
    /// Parent node; 0 at the root.
    pub parent: usize,
    /// Tokens that may follow and the nodes they lead to, in token order. End of text leads to a node without children.
    pub next: Vec<(u32, usize)>,
    /// Probability that the grammar's answer begins like this.
    pub mass: f64,
    /// The answer that is complete here, behind its end of text.
    pub answer: Option<usize>,
}

impl TokenTree {
    /// Build the tree; every answer ends with the end of text.
    ///
    /// # Errors
    /// The tokenizer fails.
    pub fn new(tokenizer: &Tokenizer, answers: Vec<Answer>) -> Result<Self, ReferenceError> {
        let mut nodes = vec![Node::default()];
        for (index, answer) in answers.iter().enumerate() {
            let encoding =
                tokenizer.encode(answer.text.as_str(), false).map_err(|error| file_error("tokenizer.json", error.to_string()))?;
            let mut at = 0;
            nodes[0].mass += answer.probability;
            for &token in encoding.get_ids().iter().chain(&[EOS]) {
                at = match nodes[at].next.binary_search_by_key(&token, |&(token, _)| token) {
                    Ok(place) => nodes[at].next[place].1,
                    Err(place) => {
                        let new = nodes.len();
                        nodes[at].next.insert(place, (token, new));
                        nodes.push(Node { token, parent: at, ..Node::default() });
                        new
                    }
                };
                nodes[at].mass += answer.probability;
            }
            nodes[at].answer = Some(index);
        }
        Ok(Self { nodes, answers })
    }

    /// The grammar's distribution of the next token at `node`: empty behind an end of text.
    pub fn next(&self, node: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let here = &self.nodes[node];
        here.next.iter().map(move |&(token, child)| (token, self.nodes[child].mass / here.mass))
    }

    /// Tokens from the root to `node`.
    pub fn tokens(&self, node: usize) -> Vec<u32> {
        let up = std::iter::successors(Some(node), |&at| (at != 0).then_some(self.nodes[at].parent));
        let mut tokens: Vec<u32> = up.take_while(|&at| at != 0).map(|at| self.nodes[at].token).collect();
        tokens.reverse();
        tokens
    }

    /// The whole tree behind a prompt, asking for the next token at every node that has one.
    pub fn batch(&self, prompt: &[u32]) -> Batch {
        let root = prompt.len() - 1;
        let inner = self.nodes.iter().filter(|node| !node.next.is_empty()).count();
        let mut batch = Batch::new(1, root + inner);
        for (column, &token) in prompt.iter().enumerate() {
            batch.put(0, column, token, column.checked_sub(1));
        }
        let mut columns = vec![root; self.nodes.len()];
        let inner = self.nodes.iter().enumerate().filter(|(_, node)| !node.next.is_empty());
        for (column, (index, node)) in (root..).zip(inner) {
            columns[index] = column;
            if index != 0 {
                batch.put(0, column, node.token, Some(columns[node.parent]));
            }
            batch.ask(0, column);
        }
        batch
    }

    /// Nodes on the way of the answer that lies at `share` (in [0, 1)) of the cumulated probability, root first, without the last one
    /// (behind the end of text).
    pub fn path(&self, share: f64) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = 0;
        let mut rest = share * self.nodes[0].mass;
        while let Some(&(_, last)) = self.nodes[at].next.last() {
            path.push(at);
            let mut children = self.nodes[at].next.iter().map(|&(_, child)| child);
            at = children
                .find(|&child| {
                    let mass = self.nodes[child].mass;
                    let inside = rest < mass;
                    if !inside {
                        rest -= mass;
                    }
                    inside
                })
                .unwrap_or(last);
        }
        path
    }
}
