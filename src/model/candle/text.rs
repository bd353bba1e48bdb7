//! Text to token ids and back. In: the bytes of a `tokenizer.json`. Out: the ids of a prompt, of a prompt with its continuation (tokenised
//! together, split where the continuation starts), and the text of drawn ids.

use tokenizers::{Encoding, Tokenizer};

use super::chat::Chat;
use super::config::Config;
use super::file_error;
use crate::model::ModelError;

/// Why a text could not be turned into tokens.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum TextError {
    /// The tokenizer refused it.
    #[error("the tokenizer cannot read the text: {0}")]
    Tokenizer(String),
    /// Prompt and continuation share a token, so the continuation has no probability of its own.
    #[error("the boundary between prompt and continuation `{continuation}` lies inside the token `{token}`")]
    Boundary {
        /// The continuation.
        continuation: String,
        /// The token on both sides of the boundary.
        token: String,
    },
    /// Nothing of the continuation is left after tokenisation.
    #[error("the continuation `{0}` has no token of its own")]
    NoContinuation(String),
    /// The chat template of `tokenizer_config.json` fails on this prompt.
    #[error("the model's chat template cannot be filled: {0}")]
    Template(String),
    /// There is no token to start from, and the model names none.
    #[error("the text has no token, and the model names none to start with")]
    Nothing,
}

/// A tokenizer with the model's rules for the start of a sequence.
pub struct Text {
    tokenizer: Tokenizer,
    /// Stands at the start where the tokenizer adds nothing and something must precede the first token.
    start: Option<u32>,
    /// Whether the start is added to every text (`add_bos_token` of `tokenizer_config.json`, where `tokenizer.json` itself adds none).
    always: bool,
    /// How the model wants to be asked, if it says so.
    chat: Option<Chat>,
}

impl Text {
    /// Reads `tokenizer.json` and, where there is one, `tokenizer_config.json`.
    ///
    /// # Errors
    /// [`ModelError::File`] when a file is broken or the tokenizer has more tokens than the model.
    pub fn load(tokenizer: &[u8], tokenizer_config: Option<&[u8]>, config: &Config) -> Result<Self, ModelError> {
        Self::load_with_template(tokenizer, tokenizer_config, None, config)
    }

    /// As [`Text::load`], with the text of a `chat_template.jinja`, which counts before that of `tokenizer_config.json`.
    ///
    /// # Errors
    /// As [`Text::load`].
    pub fn load_with_template(
        tokenizer: &[u8],
        tokenizer_config: Option<&[u8]>,
        template: Option<&str>,
        config: &Config,
    ) -> Result<Self, ModelError> {
        let again = "copy the file again from where the model came from";
        let mut tokenizer =
            Tokenizer::from_bytes(tokenizer).map_err(|error| file_error("tokenizer.json", format!("cannot be read: {error}"), again))?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| file_error("tokenizer.json", error.to_string(), again))?;
        if let Some(id) = tokenizer.get_vocab(true).into_values().max().filter(|id| *id as usize >= config.vocabulary) {
            let problem = format!("has a token {id}, the model a vocabulary of {}", config.vocabulary);
            return Err(file_error("tokenizer.json", problem, "take tokenizer.json and config.json from the same model"));
        }
        let entries: serde_json::Value = match tokenizer_config {
            None => serde_json::Value::Null,
            Some(bytes) => serde_json::from_slice(bytes)
                .map_err(|error| file_error("tokenizer_config.json", format!("cannot be read: {error}"), again))?,
        };
        let always = entries.get("add_bos_token").and_then(serde_json::Value::as_bool).unwrap_or(false);
        Ok(Self { tokenizer, start: config.bos.or(config.eos.first().copied()), always, chat: Chat::read(&entries, template) })
    }

    /// Whether the same ids stand for the same tokens in both.
    pub(super) fn shares_vocabulary(&self, other: &Self) -> bool {
        self.tokenizer.get_vocab(true) == other.tokenizer.get_vocab(true)
    }

    /// How the model wants to be asked, if it says so.
    pub(super) fn chat(&self) -> Option<&Chat> {
        self.chat.as_ref()
    }

    /// Ids of a prompt that asks for an answer: through the model's chat template where it has one, which then names the start token.
    ///
    /// # Errors
    /// [`TextError::Template`]; as [`Text::prompt`].
    pub fn asked(&self, text: &str) -> Result<Vec<u32>, TextError> {
        let Some(chat) = &self.chat else { return self.prompt(text) };
        let ids = self.filled(&chat.ask(text)?)?.ids;
        if ids.is_empty() { Err(TextError::Nothing) } else { Ok(ids) }
    }

    /// Ids of a prompt, with what the model wants at its start; at least one.
    ///
    /// # Errors
    /// [`TextError`] when there is nothing to start from.
    pub fn prompt(&self, text: &str) -> Result<Vec<u32>, TextError> {
        let mut ids = self.plain(text)?.ids;
        if ids.is_empty() {
            ids.push(self.start.ok_or(TextError::Nothing)?);
        }
        Ok(ids)
    }

    /// Ids of a text whose every token is to be scored: something precedes the first one wherever the model names a start.
    ///
    /// # Errors
    /// As [`Text::prompt`].
    pub fn scored(&self, text: &str) -> Result<Vec<u32>, TextError> {
        let Plain { mut ids, started, .. } = self.plain(text)?;
        if !started && let Some(start) = self.start {
            ids.insert(0, start);
        }
        if ids.is_empty() { Err(TextError::Nothing) } else { Ok(ids) }
    }

    /// Ids of `prompt` and `continuation` tokenised together, and how many of them stand before the continuation (at least one). Where the
    /// model has a chat template the prompt is the user's turn and the continuation begins the answer.
    ///
    /// # Errors
    /// [`TextError`] when a token lies on both sides of the boundary, or one side has none.
    pub fn continued(&self, prompt: &str, continuation: &str) -> Result<(Vec<u32>, usize), TextError> {
        self.follow(&self.open(prompt)?, continuation)
    }

    /// A prompt ready to be continued, any number of times.
    ///
    /// # Errors
    /// [`TextError::Template`].
    pub(super) fn open(&self, prompt: &str) -> Result<Opening, TextError> {
        let Some(chat) = &self.chat else { return Ok(Opening { text: prompt.to_owned(), gap: None }) };
        let (text, gap) = chat.open_answer(prompt)?;
        Ok(Opening { text, gap: Some(gap) })
    }

    /// As [`Text::continued`], after an opened prompt.
    ///
    /// # Errors
    /// As [`Text::continued`].
    pub(super) fn follow(&self, Opening { text, gap }: &Opening, continuation: &str) -> Result<(Vec<u32>, usize), TextError> {
        match gap {
            None => self.split(text, continuation, Self::plain),
            Some(gap) => self.split(text, &format!("{gap}{}", continuation.trim_start()), Self::filled),
        }
    }

    fn split(&self, prompt: &str, continuation: &str, read: Reader) -> Result<(Vec<u32>, usize), TextError> {
        let Plain { mut ids, added, encoding, .. } = read(self, &format!("{prompt}{continuation}"))?;
        let boundary = prompt.len();
        let own = |place: &usize| encoding.get_special_tokens_mask()[*place] == 0 && encoding.get_offsets()[*place].1 > boundary;
        let first = (0..encoding.len()).find(own).ok_or_else(|| TextError::NoContinuation(continuation.to_owned()))?;
        let crossing = || TextError::Boundary { continuation: continuation.to_owned(), token: encoding.get_tokens()[first].clone() };
        if encoding.get_offsets()[first].0 < boundary {
            return Err(crossing());
        }
        let mut before = first + added;
        // Some tokenizers do not count a leading space as part of its token. Then a prompt that ends in a space would lose it unseen.
        if prompt.ends_with(char::is_whitespace) && read(self, prompt)?.ids != ids[..before] {
            return Err(crossing());
        }
        if before == 0 {
            ids.insert(0, self.start.ok_or(TextError::Nothing)?);
            before = 1;
        }
        Ok((ids, before))
    }

    /// Number of tokens of a prompt as the model gets it.
    pub fn count(&self, text: &str) -> usize {
        self.asked(text).map_or(1, |ids| ids.len())
    }

    /// The text that `drawn` adds to `prompt`. Special tokens have no text.
    ///
    /// # Errors
    /// [`TextError::Tokenizer`] when the ids have no text.
    pub fn drawn(&self, prompt: &[u32], drawn: &[u32]) -> Result<String, TextError> {
        let decode = |ids: &[u32]| self.tokenizer.decode(ids, true).map_err(|error| TextError::Tokenizer(error.to_string()));
        // Decoders treat the first token of a text differently (leading space), so the answer is what is left of the whole.
        let whole = decode(&[prompt, drawn].concat())?;
        match whole.strip_prefix(&decode(prompt)?) {
            Some(answer) => Ok(answer.to_owned()),
            None => decode(drawn),
        }
    }

    /// Ids of a filled chat template, to which nothing is added.
    fn filled(&self, text: &str) -> Result<Plain, TextError> {
        let encoding = self.tokenizer.encode(text, false).map_err(|error| TextError::Tokenizer(error.to_string()))?;
        Ok(Plain { ids: encoding.get_ids().to_vec(), added: 0, started: true, encoding })
    }

    /// Ids as the tokenizer gives them, without what it adds at the end: the text goes on.
    fn plain(&self, text: &str) -> Result<Plain, TextError> {
        let encoding = self.tokenizer.encode(text, true).map_err(|error| TextError::Tokenizer(error.to_string()))?;
        let mask = encoding.get_special_tokens_mask();
        let starts = mask.iter().take_while(|special| **special == 1).count();
        // A text without a token of its own is its start alone.
        let kept = mask.iter().rposition(|special| *special == 0).map_or(starts.min(1), |last| last + 1);
        let mut ids = encoding.get_ids()[..kept].to_vec();
        let prepended = self.start.filter(|_| self.always && starts == 0);
        ids.splice(0..0, prepended);
        Ok(Plain { ids, added: usize::from(prepended.is_some()), started: starts > 0 || prepended.is_some(), encoding })
    }
}

/// A prompt as it stands before a continuation.
pub(super) struct Opening {
    text: String,
    /// With a chat template: what it puts between the question and an answer.
    gap: Option<String>,
}

/// How a text becomes ids: with what the tokenizer adds, or without.
type Reader = fn(&Text, &str) -> Result<Plain, TextError>;

/// A text as the tokenizer reads it.
struct Plain {
    ids: Vec<u32>,
    /// How many ids were put before those of `encoding`.
    added: usize,
    /// Whether a special token stands at the start.
    started: bool,
    encoding: Encoding,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(start: &str) -> Config {
        let text = format!(
            r#"{{"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "vocab_size": 512,
            "max_position_embeddings": 64, "rms_norm_eps": 1e-5{start}}}"#
        );
        Config::parse(text.as_bytes()).unwrap()
    }

    /// Letters, one merge, no start token of its own.
    const LETTERS: &str = r#"{"version": "1.0", "added_tokens": [], "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3},
        "merges": [["a", "b"]]}}"#;

    /// Words between spaces; the spaces belong to no token.
    const WORDS: &str = r#"{"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "WordLevel", "vocab": {"<unk>": 0, "die": 1, "Künstlerin": 2, "malt": 3}, "unk_token": "<unk>"}}"#;

    /// Bytes, with spaces as part of tokens but not of their offsets, as GPT-2 and its heirs have them.
    const BYTES: &str = r#"{"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
        "trim_offsets": true, "use_regex": true}, "post_processor": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
        "use_regex": true}, "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
        "use_regex": true}, "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "Ġ": 2, "Ġb": 3},
        "merges": [["Ġ", "b"]]}}"#;

    fn text(tokenizer: &str) -> Text {
        Text::load(tokenizer.as_bytes(), None, &config("")).unwrap()
    }

    #[test]
    fn a_continuation_is_split_from_its_prompt_where_it_starts() {
        assert_eq!(text(LETTERS).continued("ca", "ab"), Ok((vec![2, 0, 3], 2)));
        assert_eq!(text(WORDS).continued("die Künstlerin", " malt"), Ok((vec![1, 2, 3], 2)));
        assert_eq!(text(WORDS).continued("die Künstlerin ", "malt"), Ok((vec![1, 2, 3], 2)));
        assert_eq!(text(BYTES).continued("a", " b"), Ok((vec![0, 3], 1)));
    }

    #[test]
    fn a_boundary_inside_a_token_is_an_error() {
        let crossing =
            |continuation: &str, token: &str| Err(TextError::Boundary { continuation: continuation.to_owned(), token: token.to_owned() });
        assert_eq!(text(LETTERS).continued("ca", "b"), crossing("b", "ab"));
        assert_eq!(text(WORDS).continued("die Künst", "lerin"), crossing("lerin", "Künstlerin"));
        // The space is inside the token although the token's offsets do not show it.
        assert_eq!(text(BYTES).continued("a ", "b"), crossing("b", "Ġb"));
    }

    #[test]
    fn a_continuation_without_a_token_is_an_error() {
        assert_eq!(text(LETTERS).continued("a", ""), Err(TextError::NoContinuation(String::new())));
        assert_eq!(text(WORDS).continued("die", "  "), Err(TextError::NoContinuation("  ".to_owned())));
    }

    #[test]
    fn something_precedes_the_first_scored_token_where_the_model_names_a_start() {
        assert_eq!(text(LETTERS).prompt(""), Err(TextError::Nothing));
        assert_eq!(text(LETTERS).scored("a"), Ok(vec![0]));
        for (entries, start) in [(r#", "bos_token_id": 7"#, 7), (r#", "eos_token_id": 9"#, 9)] {
            let text = Text::load(LETTERS.as_bytes(), None, &config(entries)).unwrap();
            assert_eq!(text.prompt(""), Ok(vec![start]));
            assert_eq!(text.prompt("a"), Ok(vec![0]));
            assert_eq!(text.scored("a"), Ok(vec![start, 0]));
            assert_eq!(text.continued("", "a"), Ok((vec![start, 0], 1)));
        }
    }

    #[test]
    fn a_start_that_only_the_tokenizer_config_asks_for_is_added_everywhere() {
        let config = config(r#", "bos_token_id": 7"#);
        let text = Text::load(LETTERS.as_bytes(), Some(br#"{"add_bos_token": true}"#), &config).unwrap();
        assert_eq!(text.prompt("a"), Ok(vec![7, 0]));
        assert_eq!(text.scored("a"), Ok(vec![7, 0]));
        assert_eq!(text.continued("c", "ab"), Ok((vec![7, 2, 3], 2)));
    }

    #[test]
    fn what_is_drawn_reads_as_it_would_behind_its_prompt() {
        let Some(folder) = crate::shared_data("what_is_drawn_reads_as_it_would_behind_its_prompt") else { return };
        let tokenizer = std::fs::read(folder.join("models/stories260k/tokenizer.json")).unwrap();
        let text = Text::load(&tokenizer, None, &config(r#", "bos_token_id": 1, "eos_token_id": 2"#)).unwrap();
        for (prompt, answer) in [("Once upon", " a time"), ("", "Grüße aus Köln 😊"), ("ein Sta", "dtplan"), ("naïve ", "日本"), ("x", "")]
        {
            let before = text.prompt(prompt).unwrap();
            let whole = text.prompt(&format!("{prompt}{answer}")).unwrap();
            if whole.starts_with(&before) {
                assert_eq!(text.drawn(&before, &whole[before.len()..]).unwrap(), answer);
            }
        }
        let prompt = text.prompt("Once").unwrap();
        assert_eq!(text.drawn(&prompt, &text.prompt("Once upon a time").unwrap()[prompt.len()..]).unwrap(), " upon a time");
        assert_eq!((prompt[0], text.count("Once")), (1, prompt.len()));
    }

    #[test]
    fn a_tokenizer_of_another_model_is_refused() {
        let small = Config { vocabulary: 3, ..config("") };
        assert!(Text::load(LETTERS.as_bytes(), None, &small).err().unwrap().to_string().contains("has a token 3"));
        assert!(Text::load(b"{}", None, &small).err().unwrap().to_string().starts_with("tokenizer.json: cannot be read"));
    }
}
