//! Icons, drawn with one pen on a square of 24: decoration beside a word, so that screen readers pass them over.

/// The drawing of this name.
pub(super) fn svg(name: &str) -> String {
    let drawing = match name {
        "orders" => r#"<path d="M5 4h14v16l-3.5-2-3.5 2-3.5-2L5 20z"/><path d="M9 9h6M9 13h6"/>"#,
        "product" | "products" => {
            r#"<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9z"/><path d="m4 7.5 8 4.5 8-4.5M12 12v9"/>"#
        }
        "low" => r#"<path d="M5 4v16h14M9 8v8M13 11v5M17 14v2"/>"#,
        "location" => {
            r#"<path d="M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.800-7 11-7 11z"/><circle cx="12" cy="10" r="2.500"/>"#
        }
        "source" => r#"<path d="M3 10 12 4l9 6v10H3z"/><path d="M8 20v-6h8v6"/>"#,
        "connection" => {
            r#"<path d="M9 7 7 5M15 17l2 2M10.500 13.500l3-3"/><path d="m8 11-2.500 2.500a3.500 3.500 0 0 0 5 5L13 16M16 13l2.500-2.500a3.500 3.500 0 0 0-5-5L11 8"/>"#
        }
        "plugin" => r#"<path d="M9 3v4M15 3v4M6 7h12v4a6 6 0 0 1-12 0zM12 17v4"/>"#,
        "key" => r#"<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l3 3"/>"#,
        "webhook" => {
            r#"<circle cx="12" cy="7" r="3"/><circle cx="5.500" cy="17" r="3"/><circle cx="18.500" cy="17" r="3"/><path d="m10.500 9.500-3.500 5M13.500 9.500l3.500 5M8.500 17h7"/>"#
        }
        "activity" => r#"<path d="M3 12h4l3-8 4 16 3-8h4"/>"#,
        "status" => r#"<path d="M4 19V5M4 19h16"/><path d="m7 14 4-4 3 3 5-6"/>"#,
        "user" => {
            r#"<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.500 3.500-7 8-7s8 2.500 8 7"/>"#
        }
        "menu" => r#"<path d="M4 7h16M4 12h16M4 17h16"/>"#,
        "sun" => {
            r#"<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M5 19l1.500-1.500M17.500 6.500 19 5"/>"#
        }
        "moon" => {
            r#"<path d="M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z"/>"#
        }
        "system" => r#"<rect x="3" y="4" width="18" height="13" rx="2"/><path d="M8 21h8"/>"#,
        "good" => r#"<path d="m5 12.500 4.500 4.500L19 7.500"/>"#,
        "bad" => r#"<path d="M6 6l12 12M18 6 6 18"/>"#,
        "doubt" => {
            r#"<path d="M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 18h.01"/>"#
        }
        "busy" => r#"<path d="M20 12a8 8 0 1 1-2.500-5.800M20 3v4h-4"/>"#,
        "pause" => r#"<path d="M9 6v12M15 6v12"/>"#,
        "clock" => r#"<circle cx="12" cy="12" r="8.500"/><path d="M12 7.500V12l3 2"/>"#,
        "close" => r#"<path d="M6 6l12 12M18 6 6 18"/>"#,
        "plus" => r#"<path d="M12 5v14M5 12h14"/>"#,
        "lock" => {
            r#"<rect x="5" y="11" width="14" height="9" rx="1.500"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>"#
        }
        "warn" => r#"<path d="M12 4 2.500 20h19z"/><path d="M12 10v4.500M12 17.200h.01"/>"#,
        "search" => r#"<circle cx="11" cy="11" r="6.500"/><path d="m16 16 4.500 4.500"/>"#,
        _ => r#"<circle cx="12" cy="12" r="3"/>"#,
    };
    format!(
        r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{drawing}</svg>"#
    )
}
