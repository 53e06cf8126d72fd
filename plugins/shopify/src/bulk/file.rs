//! The file of a bulk operation, line by line from any byte on, without ever holding the whole of it.

use bestand_plugin_api::http::HttpResponse;
use bestand_plugin_api::{AdapterError, Ctx, Result};
use serde::Deserialize;

use crate::graph::{Item, Level, number};
use crate::level::Article;

/// Longer lines are not ours: a level is some hundred bytes.
const LINE_BYTES_MAX: usize = 1024 * 1024;

/// The lines of a file as they stream in.
#[derive(Debug)]
pub(crate) struct Lines {
    answer: HttpResponse,
    buffer: Vec<u8>,
    /// How much of the buffer was handed out.
    taken: usize,
    /// Bytes still to be dropped, where the server did not start at our offset.
    skip: u64,
    /// Where in the file the next line begins.
    offset: u64,
    ended: bool,
}

/// One line, complete or the file's last.
#[derive(Debug)]
pub(crate) struct Line(Vec<u8>);

/// An item of the file.
#[derive(Debug)]
pub(crate) struct FileItem {
    pub(crate) number: u64,
    /// None without a SKU.
    pub(crate) article: Option<Article>,
}

#[derive(Deserialize)]
struct Parent {
    #[serde(default, rename = "__parentId")]
    parent: Option<String>,
}

// === impl Lines ===

impl Lines {
    /// Opens the file at that byte. The address is its own permission: no token goes there.
    pub(crate) async fn open(ctx: &Ctx, url: &str, offset: u64) -> Result<Self> {
        let request = ctx.http().get(url);
        let request = match offset {
            0 => request,
            _ => request.header("range", format!("bytes={offset}-")),
        };
        let answer = request.send().await?;
        let skip = match answer.status() {
            200 => offset,
            206 => 0,
            // Nothing lies behind the offset: the last part ended with the file.
            416 => {
                return Ok(Self {
                    answer,
                    buffer: Vec::new(),
                    taken: 0,
                    skip: 0,
                    offset,
                    ended: true,
                });
            }
            400 | 403 | 404 | 410 => {
                let message = "the address of the bulk file has expired; it is asked for again";
                return Err(AdapterError::transient(message));
            }
            status => {
                return Err(AdapterError::upstream(
                    status,
                    format!("the bulk file is not served: {status}"),
                ));
            }
        };
        Ok(Self {
            answer,
            buffer: Vec::new(),
            taken: 0,
            skip,
            offset,
            ended: false,
        })
    }

    /// Where the next line begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next line that is not empty.
    pub(crate) async fn next(&mut self) -> Result<Option<Line>> {
        loop {
            let rest = &self.buffer[self.taken..];
            if let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
                let line = rest[..length].to_vec();
                self.taken += length + 1;
                self.offset += length as u64 + 1;
                if !line.is_empty() {
                    return Ok(Some(Line(line)));
                }
                continue;
            }
            if self.ended {
                let line = self.buffer.split_off(self.taken);
                self.offset += line.len() as u64;
                return Ok((!line.is_empty()).then_some(Line(line)));
            }
            if rest.len() > LINE_BYTES_MAX {
                return Err(AdapterError::protocol(
                    "the bulk file has a line of more than a megabyte",
                ));
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Result<()> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        match self.answer.chunk().await? {
            None => self.ended = true,
            Some(chunk) => {
                let dropped = chunk
                    .len()
                    .min(usize::try_from(self.skip).unwrap_or(usize::MAX));
                self.skip -= dropped as u64;
                self.buffer.extend_from_slice(&chunk[dropped..]);
            }
        }
        Ok(())
    }
}

// === impl Line ===

impl Line {
    /// The item, when this line is one.
    pub(crate) fn find_item(&self) -> Result<Option<FileItem>> {
        if self.parent()?.is_some() {
            return Ok(None);
        }
        let item: Item = self.read()?;
        let Some(number) = number(&item.id) else {
            return Err(AdapterError::protocol(format!(
                "`{}` is no id of an item",
                item.id
            )));
        };
        Ok(Some(FileItem {
            number,
            article: Article::find(&item),
        }))
    }

    /// The level and the number of its item, when this line is one.
    pub(crate) fn find_level(&self) -> Result<Option<(u64, Level)>> {
        let Some(parent) = self.parent()? else {
            return Ok(None);
        };
        let Some(parent) = number(&parent) else {
            return Err(AdapterError::protocol(format!(
                "`{parent}` is no id of an item"
            )));
        };
        Ok(Some((parent, self.read()?)))
    }

    fn parent(&self) -> Result<Option<String>> {
        self.read::<Parent>().map(|line| line.parent)
    }

    fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        serde_json::from_slice(&self.0).map_err(|error| {
            AdapterError::protocol(format!("the bulk file breaks off or is no JSON: {error}"))
        })
    }
}
