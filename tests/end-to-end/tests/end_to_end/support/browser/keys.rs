//! Keys by the names people give them, in the words the protocol has for them.

use serde_json::{Value, json};

/// `Input.dispatchKeyEvent` of pressing and of letting go, for names such as `Tab`, `Shift+Tab`, `Enter` or `a`.
pub(super) fn pressed(name: &str) -> [Value; 2] {
    let (modifiers, key) = match name.rsplit_once('+') {
        Some((modifiers, key)) if !key.is_empty() => (bits(modifiers), key),
        _ => (0, name),
    };
    let (key, code, number, text) = described(key);
    let mut down = json!({
        "type": if text.is_empty() { "rawKeyDown" } else { "keyDown" },
        "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers,
    });
    let mut up = down.clone();
    up["type"] = "keyUp".into();
    if !text.is_empty() {
        down["text"] = text.into();
    }
    [down, up]
}

/// Key, its place on the keyboard, its old number, and what it types.
fn described(name: &str) -> (String, String, u32, String) {
    let known = |number, text: &str| (name.to_owned(), name.to_owned(), number, text.to_owned());
    match name {
        "Backspace" => known(8, ""),
        "Tab" => known(9, ""),
        "Enter" => known(13, "\r"),
        "Escape" => known(27, ""),
        "Space" => (" ".into(), "Space".into(), 32, " ".into()),
        "PageUp" => known(33, ""),
        "PageDown" => known(34, ""),
        "End" => known(35, ""),
        "Home" => known(36, ""),
        "ArrowLeft" => known(37, ""),
        "ArrowUp" => known(38, ""),
        "ArrowRight" => known(39, ""),
        "ArrowDown" => known(40, ""),
        "Delete" => known(46, ""),
        // The numbers of other characters are those of other keys: `&` has that of the arrow up.
        letter if letter.chars().all(|one| one.is_ascii_alphanumeric()) => {
            let upper = letter.to_ascii_uppercase();
            let number = upper.bytes().next().map_or(0, u32::from);
            (letter.into(), String::new(), number, letter.into())
        }
        character => (character.into(), String::new(), 0, character.into()),
    }
}

fn bits(modifiers: &str) -> u32 {
    let bit = |modifier| match modifier {
        "Alt" => 1,
        "Control" => 2,
        "Meta" => 4,
        "Shift" => 8,
        other => panic!("no modifier is called `{other}`"),
    };
    modifiers.split('+').map(bit).sum()
}
