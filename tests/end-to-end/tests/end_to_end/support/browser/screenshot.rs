//! Pictures of whole pages, kept in `target/screenshots` for people to look at.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Page;
use crate::support::built::target_folder;

/// Longer pages are cut; nobody looks at more.
const HEIGHT_MAX: f64 = 8_000.0;

impl Page {
    /// Keeps a picture of all of the page as `NAME-LANGUAGE-WIDTH.png`.
    pub(crate) async fn screenshot(&self, name: &str) {
        let size = self.ask("Page.getLayoutMetrics", json!({})).await["cssContentSize"].take();
        let height = size["height"].as_f64().unwrap_or(HEIGHT_MAX);
        let clip = json!({
            "x": 0, "y": 0, "width": size["width"], "height": height.min(HEIGHT_MAX), "scale": 1,
        });
        let shot = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = self.ask("Page.captureScreenshot", shot).await;
        let picture = STANDARD.decode(shot["data"].as_str().expect("a picture"));
        let folder = target_folder().join("screenshots");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let file = folder.join(format!("{name}-{}.png", self.look));
        std::fs::write(file, picture.expect("base64")).expect("room for a picture");
    }
}
