//! A form as a page has it: where it is sent, and what a browser would send when nothing is touched.

use scraper::{ElementRef, Selector};

/// A form.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) is_post: bool,
    /// Whether there is anything to press.
    pub(super) has_button: bool,
    pub(super) fields: Vec<(String, String)>,
}

// === impl Form ===

impl Form {
    pub(super) fn of(form: ElementRef<'_>, path: &str) -> Self {
        let controls = Selector::parse("input, select, textarea").unwrap();
        let button = Selector::parse("button:not([type=button]), input[type=submit]").unwrap();
        let attribute = |name| form.attr(name).unwrap_or_default();
        Self {
            action: form.attr("action").unwrap_or(path).to_owned(),
            is_post: attribute("method").eq_ignore_ascii_case("post"),
            has_button: form.select(&button).next().is_some(),
            fields: form.select(&controls).filter_map(field).collect(),
        }
    }

    /// With this typed or chosen in the field, which must be there.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        let Some((_, typed)) = field else {
            panic!("no field `{name}` in {self:#?}")
        };
        value.clone_into(typed);
        self
    }

    /// With this box ticked.
    pub(super) fn ticked(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What the field holds.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(known, _)| known == name);
        field.map(|(_, value)| value.as_str())
    }
}

/// What a control sends, if it sends anything.
fn field(control: ElementRef<'_>) -> Option<(String, String)> {
    let name = control.attr("name")?.to_owned();
    if control.attr("disabled").is_some() {
        return None;
    }
    let value = match control.value().name() {
        "select" => chosen(control)?,
        "textarea" => control.text().collect(),
        _ if is_unticked(control) => return None,
        _ => control.attr("value").unwrap_or_default().to_owned(),
    };
    Some((name, value))
}

fn is_unticked(input: ElementRef<'_>) -> bool {
    let is_box = matches!(input.attr("type"), Some("checkbox" | "radio"));
    is_box && input.attr("checked").is_none()
}

/// The option that is selected, or else the first.
fn chosen(select: ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").unwrap();
    let selected = select
        .select(&options)
        .find(|option| option.attr("selected").is_some());
    let option = selected.or_else(|| select.select(&options).next())?;
    Some(option.attr("value").unwrap_or_default().to_owned())
}
