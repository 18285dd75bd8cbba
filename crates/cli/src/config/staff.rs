//! How staff is let in, and whose word about a client's address is believed.

use mingbai_desk::{SecondFactor, StaffRules};
use mingbai_web::TrustedProxies;

use super::checks::{minutes, one_of, wrong};
use super::{Key, Layers, Row, Set, key, row};
use crate::fail::Fail;

const FACTOR: Key = key("staff_second_factor", "MINGBAI_STAFF_SECOND_FACTOR", "required");
const IDLE: Key = key("staff_idle_minutes", "MINGBAI_STAFF_IDLE_MINUTES", "60");
const WHOLE: Key = key("staff_session_minutes", "MINGBAI_STAFF_SESSION_MINUTES", "600");
const PROXIES: Key = key("trusted_proxies", "MINGBAI_TRUSTED_PROXIES", "");
/// Keys of this file.
pub const KEYS: [&Key; 4] = [&FACTOR, &IDLE, &WHOLE, &PROXIES];

/// The settings of the door.
#[derive(Clone, Debug)]
pub struct DoorSettings {
    factor: Set<String>,
    idle: Set<u32>,
    whole: Set<u32>,
    proxies: Set<String>,
    trusted: TrustedProxies,
}

impl DoorSettings {
    /// Reads and checks them.
    pub fn read(layers: &Layers<'_>) -> Result<Self, Fail> {
        let factor = layers.pick(&FACTOR);
        one_of(&factor, FACTOR.name, &["required", "optional"])?;
        let proxies = layers.pick(&PROXIES);
        let trusted = TrustedProxies::parse(&proxies.value).map_err(|part| {
            wrong(
                PROXIES.name,
                &proxies,
                format!("“{part}”不是 IP 地址或网段;写成 10.0.0.1, 192.168.0.0/16"),
                format!("\"{part}\" is no IP address or network; write 10.0.0.1, 192.168.0.0/16"),
            )
        })?;
        Ok(DoorSettings {
            idle: minutes(IDLE.name, layers.pick(&IDLE))?,
            whole: minutes(WHOLE.name, layers.pick(&WHOLE))?,
            factor,
            proxies,
            trusted,
        })
    }

    /// The rules for the desk.
    pub fn rules(&self) -> StaffRules {
        StaffRules {
            second_factor: match self.factor.value.as_str() {
                "optional" => SecondFactor::Optional,
                _ => SecondFactor::Required,
            },
            idle_minutes: i64::from(self.idle.value),
            session_minutes: i64::from(self.whole.value),
        }
    }

    /// The proxies for the door.
    pub fn trusted(&self) -> TrustedProxies {
        self.trusted.clone()
    }

    /// As `mingbai config` shows them.
    pub fn shown(&self) -> Vec<Row> {
        vec![
            row(&FACTOR, self.factor.value.clone(), &self.factor),
            row(&IDLE, self.idle.value.to_string(), &self.idle),
            row(&WHOLE, self.whole.value.to_string(), &self.whole),
            row(&PROXIES, self.proxies.value.clone(), &self.proxies),
        ]
    }
}
