//! Small enumerations with a key in evidence and addresses, and words for people: the one way to write them down.

/// An enumeration with a key in evidence and addresses, and words for people. One list, so that nothing can be forgotten in one of three.
macro_rules! kinds {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $key:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* #[serde(rename = $key)] $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// Key.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)+ }
            }

            /// Reads a key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                $name::ALL.iter().copied().find(|one| one.key() == key)
            }

            /// In words.
            #[must_use]
            pub fn name(self) -> mingbai_cost::Words {
                match self { $($name::$variant => $crate::text::both($zh, $en),)+ }
            }
        }
    };
}

pub(crate) use kinds;
