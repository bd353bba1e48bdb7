//! What plotters' SVG lacks: a role, a title and a description for those who do not see it, and fonts every house has.
//!
//! Text stays text, so that it can be searched, copied and enlarged. The list of fonts begins with the bundled one (which PDF and PNG
//! use) and goes on with serif fonts of like width; the layout leaves room for the widest of them.

use super::canvas::FONT;
use crate::store::Language;

const FONTS: &str = "'Libertinus Serif','Linux Libertine O','Times New Roman','Liberation Serif',Times,serif";

pub(super) struct Names<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub language: Language,
}

/// `svg` as plotters wrote it, with names and fonts, and without the line breaks within texts.
pub(super) fn accessible(svg: &str, names: &Names) -> String {
    let Names { id, title, description, language } = names;
    let mut out = String::with_capacity(svg.len() + 1024);
    let mut lines = svg.lines();
    let opening = lines.next().unwrap_or_default().trim_end_matches('>');
    out.push_str(&format!("{opening} role=\"img\" lang=\"{}\" aria-labelledby=\"{id}-title {id}-desc\">\n", language.code()));
    out.push_str(&format!("<title id=\"{id}-title\">{}</title>\n", escape(title)));
    out.push_str(&format!("<desc id=\"{id}-desc\">{}</desc>\n", escape(description)));
    let plotters_font = format!("font-family=\"{FONT}\"");
    let fonts = format!("font-family=\"{FONTS}\"");
    let mut in_text = false;
    for line in lines {
        if line.starts_with("<text") {
            in_text = true;
            out.push_str(&line.replace(&plotters_font, &fonts));
        } else {
            out.push_str(line);
            in_text &= !line.ends_with("</text>");
        }
        if !in_text {
            out.push('\n');
        }
    }
    out
}

/// Escaped for XML; control characters, which XML forbids, become spaces.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            char if char.is_control() => out.push(' '),
            char => out.push(char),
        }
    }
    out
}
