//! The settings of inspecting recordings: which ffmpeg, who recognises words, and how many of those that passed a person sees.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mingbai_core::text::both;
use mingbai_media::Tool;
use zeroize::Zeroizing;

use crate::config::{
    Key, Layers, MAX_SECRET_BYTES, Row, Set, Slash, key, row, secret_row, short_text, shown_path,
    web_address, wrong,
};
use crate::fail::{Fail, Kind};
use crate::house::inspector::Inspector;
use crate::house::recogniser::Recogniser;
use crate::real;

const FFMPEG: Key = key("ffmpeg", "MINGBAI_FFMPEG", AUTO);
const SAMPLE: Key = key("recording_sample", "MINGBAI_RECORDING_SAMPLE", "10");
const ASR_URL: Key = key("asr_url", "MINGBAI_ASR_URL", "");
const ASR_MODEL: Key = key("asr_model", "MINGBAI_ASR_MODEL", "");
const TOKEN_FILE: Key = key("asr_token_file", "MINGBAI_ASR_TOKEN_FILE", "");
/// Keys of this file.
pub const KEYS: [&Key; 5] = [&FFMPEG, &SAMPLE, &ASR_URL, &ASR_MODEL, &TOKEN_FILE];
/// What the recogniser wants to see, if anything.
pub const TOKEN: &str = "MINGBAI_ASR_TOKEN";
const AUTO: &str = "auto";
const OFF: &str = "off";
/// Nobody needs fewer than one in so many.
const SAMPLE_LIMIT: u32 = 1_000_000;

/// How recordings are inspected.
#[derive(Clone)]
pub struct FilmSettings {
    ffmpeg: Set<String>,
    sample: Set<u32>,
    asr_url: Set<Option<String>>,
    asr_model: Set<String>,
    token_file: Set<Option<PathBuf>>,
    token: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for FilmSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilmSettings").field("ffmpeg", &self.ffmpeg).finish_non_exhaustive()
    }
}

/// A machine that looks at recordings, if there is one.
#[derive(Default)]
pub struct Inspecting {
    /// The machine.
    pub machine: Option<Inspector>,
    /// Of so many parts that passed, a person looks at about one.
    pub sample: Option<NonZeroU32>,
}

impl FilmSettings {
    /// Reads and checks them.
    pub fn read(layers: &Layers<'_>) -> Result<Self, Fail> {
        let ffmpeg = layers.pick(&FFMPEG);
        if ![AUTO, OFF].contains(&ffmpeg.value.as_str()) && !Path::new(&ffmpeg.value).is_absolute() {
            return Err(wrong(
                FFMPEG.name,
                &ffmpeg,
                "只能是 auto、off,或程序的绝对路径".to_owned(),
                "it must be auto, off, or the absolute path of the program".to_owned(),
            ));
        }
        let asr_url = web_address(ASR_URL.name, layers.pick(&ASR_URL), Slash::MayEnd)?;
        if asr_url.value.is_some() && ffmpeg.value == OFF {
            return Err(wrong(
                FFMPEG.name,
                &ffmpeg,
                "设置了 asr_url,就要有 ffmpeg 把声音取出来".to_owned(),
                "asr_url is set, and ffmpeg is needed to take the sound out".to_owned(),
            ));
        }
        let model = short_text(ASR_MODEL.name, layers.pick(&ASR_MODEL))?;
        if asr_url.value.is_some() && model.value.is_empty() {
            return Err(wrong(
                ASR_MODEL.name,
                &model,
                "设置了 asr_url,就要写明模型的名字".to_owned(),
                "asr_url is set, so the name of the model is needed".to_owned(),
            ));
        }
        Ok(FilmSettings {
            ffmpeg,
            sample: sample(layers.pick(&SAMPLE))?,
            asr_url,
            asr_model: model,
            token_file: layers.path(&TOKEN_FILE),
            token: layers.secret(TOKEN),
        })
    }

    /// The machine. A program that was named must be there and fit; one that is looked for may be missing, and then people look.
    pub fn inspecting(&self) -> Result<Inspecting, Fail> {
        let sample = NonZeroU32::new(self.sample.value);
        let tool = match self.ffmpeg.value.as_str() {
            OFF => return Ok(Inspecting { machine: None, sample }),
            AUTO => {
                let Some(tool) = found() else { return Ok(Inspecting { machine: None, sample }) };
                tool
            }
            path => Tool::at(Path::new(path)).map_err(|e| {
                let what = both("不能用设置的 ffmpeg 检查双录", "recordings cannot be inspected with the ffmpeg that was set");
                let words = e.words();
                Fail::new(Kind::Input, what).because(both(words.zh, words.en)).next(
                    "设 ffmpeg = \"auto\" 由程序自己找,或 \"off\" 由人查看全部双录。",
                    "Set ffmpeg = \"auto\" to let it be looked for, or \"off\" to let people look at every recording.",
                )
            })?,
        };
        let mut machine = Inspector::new(tool);
        if let Some(url) = &self.asr_url.value {
            let token = match (&self.token, &self.token_file.value) {
                (Some(token), _) => Some(token.clone()),
                (None, Some(path)) => {
                    Some(Zeroizing::new(crate::commands::read_text(path, MAX_SECRET_BYTES)?))
                }
                (None, None) => None,
            };
            let model = self.asr_model.value.clone();
            machine =
                machine.with_words(Arc::new(Recogniser::new(url.clone(), model.clone(), token)?), model);
        }
        Ok(Inspecting { machine: Some(machine), sample })
    }

    /// As `mingbai config` shows them.
    pub fn shown(&self) -> Vec<Row> {
        let path = self.token_file.value.as_deref().map(shown_path).unwrap_or_default();
        vec![
            row(&FFMPEG, self.ffmpeg.value.clone(), &self.ffmpeg),
            row(&SAMPLE, self.sample.value.to_string(), &self.sample),
            row(&ASR_URL, self.asr_url.value.clone().unwrap_or_default(), &self.asr_url),
            row(&ASR_MODEL, self.asr_model.value.clone(), &self.asr_model),
            row(&TOKEN_FILE, path, &self.token_file),
            secret_row("asr_token", TOKEN, &self.token),
        ]
    }
}

/// The first ffmpeg on the path that fits. What is found and does not fit is said.
fn found() -> Option<Tool> {
    let mut why = "no ffmpeg on the path".to_owned();
    for place in real::on_path("ffmpeg") {
        match Tool::at(&place) {
            Ok(tool) => return Some(tool),
            Err(error) => why = error.to_string(),
        }
    }
    tracing::warn!(%why, "recordings are not inspected by machine; people look at every part");
    None
}

fn sample(set: Set<String>) -> Result<Set<u32>, Fail> {
    match set.value.parse() {
        Ok(value @ 0..=SAMPLE_LIMIT) => Ok(Set { value, from: set.from }),
        _ => Err(wrong(
            SAMPLE.name,
            &set,
            format!("应为 0(不抽查)到 {SAMPLE_LIMIT} 之间的整数:每几段抽一段"),
            format!("it must be a number from 0 (no sample) to {SAMPLE_LIMIT}: one of how many"),
        )),
    }
}
