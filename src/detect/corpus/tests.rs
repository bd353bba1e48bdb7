use super::*;

fn columns(names: &[&str], keep: &[&str]) -> Columns {
    let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    Columns::parse(&owned(names), &owned(keep)).unwrap()
}

#[test]
fn twins_in_two_folders_have_one_source_and_subfolders_are_domains() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("human/letters/kirche.txt", "Alt."),
        ("human/letters/.hidden", "x"),
        ("model-a/letters/kirche.txt", "Neu."),
        ("model-a/mühle.txt", "Neu."),
    ] {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let human = read(&folder.path().join("human"), &Columns::default(), false).unwrap();
    let generated = read(&folder.path().join("model-a"), &Columns::default(), true).unwrap();
    assert_eq!(human.len(), 1);
    assert_eq!((human[0].source.as_str(), human[0].domain.as_str(), human[0].generated()), ("letters/kirche", "letters", false));
    let of = |item: &Item| (item.source.clone(), item.domain.clone(), item.generator.clone().unwrap());
    let name = "model-a".to_owned();
    assert_eq!(
        generated.iter().map(of).collect::<Vec<_>>(),
        [("letters/kirche".to_owned(), "letters".to_owned(), name.clone()), ("mühle".to_owned(), "any".to_owned(), name)]
    );
    assert_eq!(*human[0].material().unwrap(), Material::Text("Alt.".to_owned()));
}

#[test]
fn tables_of_every_kind_give_the_same_items() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("a.csv", "title,answer,language,native,kind\nBach,\"Ein, zwei\",de,no,wiki\nBach,drei,fr,yes,wiki\n".to_owned()),
        ("b.csv", "title;answer;language;native;kind\nBach;Ein, zwei;de;no;wiki\nBach;drei;fr;yes;wiki\n".to_owned()),
        ("c.tsv", "\u{feff}title\tanswer\tlanguage\tnative\tkind\nBach\tEin, zwei\tde\tno\twiki\nBach\tdrei\tfr\tyes\twiki\n".to_owned()),
        (
            "d.jsonl",
            "{\"title\":\"Bach\",\"answer\":\"Ein, zwei\",\"language\":\"de\",\"native\":\"no\",\"kind\":\"wiki\"}\n\n{\"title\":\"Bach\",\"answer\":[\"drei\"],\"language\":\"fr\",\"native\":\"yes\",\"kind\":\"wiki\"}\n"
                .to_owned(),
        ),
        (
            "e.json",
            "{\"title\":[\"Bach\",\"Bach\"],\"answer\":[\"Ein, zwei\",\"drei\"],\"language\":[\"de\",\"fr\"],\"native\":[\"no\",\"yes\"],\"kind\":[\"wiki\",\"wiki\"]}"
                .to_owned(),
        ),
    ];
    let names = columns(&["text=answer", "source=title", "domain=kind", "group-native=native"], &["language=de|en"]);
    for (file, content) in files {
        let path = folder.path().join(file);
        std::fs::write(&path, content).unwrap();
        let items = read(&path, &names, true).unwrap();
        let [item] = &items[..] else { panic!("{file}: {items:?}") };
        assert_eq!((item.source.as_str(), item.domain.as_str(), item.language), ("Bach", "wiki", Some(Language::De)), "{file}");
        assert_eq!(item.groups, BTreeMap::from([("native".to_owned(), "no".to_owned())]), "{file}");
        assert_eq!(item.content, Content::Held(Material::Text("Ein, zwei".to_owned())), "{file}");
        assert_eq!(item.generator.as_deref(), file.split('.').next(), "{file}");
    }
}

#[test]
fn what_is_wrong_with_a_table_is_said_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let said = |file: &str, content: &str, columns: &Columns| {
        let path = folder.path().join(file);
        std::fs::write(&path, content).unwrap();
        read(&path, columns, false).unwrap_err().to_string()
    };
    assert!(said("a.jsonl", "{\"text\":1}\n[]\n", &Columns::default()).contains("line 2 is no object"));
    assert!(said("a.csv", "titel,inhalt\na,b\n", &Columns::default()).contains("neither `text` nor `file`; there are inhalt, titel"));
    assert!(said("b.csv", "text\na\n", &columns(&[], &["language=de"])).contains("row 2 has no column `language`"));
    assert!(said("c.csv", "text\n", &Columns::default()).contains("holds nothing that counts"));
    assert!(said("d.json", "{\"a\":[1,2],\"b\":[1]}", &Columns::default()).contains("`b` has 1 entries, another column 2"));
    assert!(said("e.docx", "PK", &Columns::default()).contains("no table that Lupe reads"));
    assert!(Columns::parse(&["titel=x".to_owned()], &[]).unwrap_err().to_string().contains("no column `titel`"));
}
