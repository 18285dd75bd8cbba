//! Numbers of things that have a stream of evidence of their own: the one way to write such a type down.

/// A number whose stream is `room/<number>`.
macro_rules! numbered {
    ($(#[$about:meta])* $name:ident in $room:literal) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// Wraps a number.
            #[must_use]
            pub const fn new(id: uuid::Uuid) -> Self {
                $name(id)
            }

            /// The number; where there are sealed values, also their subject in the vault.
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }

            /// Its stream.
            #[must_use]
            pub fn stream(self) -> mingbai_evidence::StreamId {
                mingbai_evidence::StreamId::of_uuid($room, self.0)
            }

            /// The number that a stream's name carries; `None` when it is the stream of something else.
            #[must_use]
            pub fn of_stream(stream: &mingbai_evidence::StreamId) -> Option<Self> {
                let id = stream.as_str().strip_prefix(concat!($room, "/"))?;
                uuid::Uuid::try_parse(id).ok().map($name).filter(|found| found.stream() == *stream)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }
    };
}

pub(crate) use numbered;
