//! Sentence embeddings by all-MiniLM-L6-v2 (its folder in LUPE_MINILM): 1,000 texts of 60 words, as `peers/minilm_peer.py` does too, in seconds.
//!
//!     LUPE_MINILM=FOLDER cargo bench --bench main -- minilm

use std::path::PathBuf;
use std::time::Instant;

use lupe::model::candle::encoder::Embedder;

/// The peer has the same.
const WORDS: &str = "the curator opens a new exhibition in museum and visitors see paintings by artists who worked near river while guard reads \
                     letters from an old archive";
const TEXTS: usize = 1000;
const LENGTH: usize = 60;

/// Prints a line for one thread and one for all.
pub fn report() {
    let Some(folder) = std::env::var_os("LUPE_MINILM").map(PathBuf::from) else {
        println!("set LUPE_MINILM to a folder of all-MiniLM-L6-v2");
        return;
    };
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let text =
        |text: usize| (0..LENGTH).map(|place| words[(text * 7 + place * (1 + text % 5)) % words.len()]).collect::<Vec<_>>().join(" ");
    let texts: Vec<String> = (0..TEXTS).map(text).collect();
    let embedder = Embedder::open(&folder).expect("a folder of all-MiniLM-L6-v2");
    for threads in [1, std::thread::available_parallelism().map_or(1, usize::from)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let times: Vec<f64> = (0..3)
            .map(|_| {
                let start = Instant::now();
                let vectors = pool.install(|| embedder.embed_all(&texts)).expect("every text has a vector");
                assert_eq!(vectors.len(), TEXTS);
                start.elapsed().as_secs_f64()
            })
            .collect();
        let best = times.iter().copied().fold(f64::INFINITY, f64::min);
        println!("{threads} threads: {best:.2} s, {:.0} texts/s (best of {times:.2?})", TEXTS as f64 / best);
    }
}
