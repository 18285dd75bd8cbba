//! A record's kind and body offered to the derived reader of [`super::Event`] where they lie. Building the object
//! `{kind, body}` first would copy every body once more, and a fold reads every body of a journey.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// An object of the two entries `kind` and `body`, in this order: the reader then knows the variant before it meets the body, and
/// buffers nothing.
pub(super) struct Parts<'de> {
    pub(super) kind: &'de str,
    pub(super) body: &'de Value,
}

impl<'de> Deserializer<'de> for Parts<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Entries { parts: self, next: Next::Kind })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

enum Next {
    Kind,
    Body,
    End,
}

struct Entries<'de> {
    parts: Parts<'de>,
    next: Next,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let key = match self.next {
            Next::Kind => "kind",
            Next::Body => "body",
            Next::End => return Ok(None),
        };
        let key: StrDeserializer<'_, Error> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        match self.next {
            Next::Kind => {
                self.next = Next::Body;
                let kind: StrDeserializer<'_, Error> = self.parts.kind.into_deserializer();
                seed.deserialize(kind)
            }
            Next::Body | Next::End => {
                self.next = Next::End;
                seed.deserialize(self.parts.body)
            }
        }
    }
}
