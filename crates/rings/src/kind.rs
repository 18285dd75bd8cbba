//! The two sides of the log: applications, and identifiers of a kind.

/// An application, as a keyed hash of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Application(pub u64);

/// What sort of thing two applications share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The device the application was filled in on.
    Device = 0,
    /// The borrower's telephone number.
    Phone,
    /// The card that is paid out to.
    Card,
    /// The person to call in an emergency.
    Contact,
    /// The account of a third party that took a fee before payout.
    FeeAccount,
    /// The fingerprint of answers given word for word.
    Script,
    /// The home address, normalised first (see [`address`](crate::address)).
    Address,
    /// The wireless network.
    Wifi,
    /// The network address.
    Ip,
    /// Who introduced the borrower.
    Introducer,
    /// The employer.
    Employer,
}

/// What a shared thing says. Evidence counts by group, because ten devices of one shop say no more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Somebody holds the device, number, card or is the reference of several borrowers.
    Control,
    /// Somebody is paid by several borrowers.
    Money,
    /// Somebody tells several borrowers what to say.
    Script,
    /// They were in the same place. Never an alert alone.
    Place,
    /// They came by the same way. Never an alert alone.
    Channel,
    /// They work together. Never an alert alone.
    Work,
}

impl Kind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 11] = [
        Self::Device,
        Self::Phone,
        Self::Card,
        Self::Contact,
        Self::FeeAccount,
        Self::Script,
        Self::Address,
        Self::Wifi,
        Self::Ip,
        Self::Introducer,
        Self::Employer,
    ];

    /// The group whose evidence this kind is.
    #[must_use]
    pub const fn group(self) -> Group {
        match self {
            Self::Device | Self::Phone | Self::Card | Self::Contact => Group::Control,
            Self::FeeAccount => Group::Money,
            Self::Script => Group::Script,
            Self::Address | Self::Wifi | Self::Ip => Group::Place,
            Self::Introducer => Group::Channel,
            Self::Employer => Group::Work,
        }
    }
}

/// A keyed hash of an identifier, with its kind in the lowest four bits.
///
/// Sixty bits remain of the hash: among ten million identifiers two collide with a chance of about four in a hundred thousand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(u64);

impl Identifier {
    /// Takes a keyed hash (an HMAC whose key the lender keeps; a bare hash of a telephone number can be guessed back).
    #[must_use]
    pub const fn new(kind: Kind, keyed_hash: u64) -> Self {
        Self((keyed_hash & !15) | kind as u64)
    }

    /// As one number, for a store.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Reads [`Identifier::number`]; nothing when its kind is none.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        if ((number & 15) as usize) < Kind::ALL.len() { Some(Self(number)) } else { None }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> Kind {
        Kind::ALL[(self.0 & 15) as usize]
    }
}
