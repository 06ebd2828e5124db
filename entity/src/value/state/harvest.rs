//! Deliveries, lots and their flags.

use super::named_values;

named_values! {
    /// A kind of land, as it is registered.
    LandKind {
        /// Cropland (耕地).
        Cropland = "cropland",
        /// Forest (林地).
        Forest = "forest",
        /// Orchard (林果地).
        Orchard = "orchard",
        /// Water (水面).
        Water = "water",
        /// Pasture (牧草地).
        Pasture = "pasture",
    }
    /// What the county decided about a delivery above the ceiling.
    FlagState {
        /// Nothing yet (待核实).
        Open = "open",
        /// It is in order (属实).
        Accepted = "accepted",
        /// It is not (不属实).
        Rejected = "rejected",
    }
    /// How lots became other lots.
    LotStepKind {
        /// One became several (拆分).
        Split = "split",
        /// Several became one (合并).
        Merge = "merge",
        /// They were processed (加工).
        Processing = "processing",
    }
    /// What the promise of a conformity certificate rests on (承诺依据).
    CertificateBasis {
        /// A test of one's own (自我检测).
        OwnTest = "own_test",
        /// A test by somebody else (委托检测).
        CommissionedTest = "commissioned_test",
        /// Control while it grew (内部质量控制).
        InternalControl = "internal_control",
        /// The promise alone (自我承诺).
        OwnPromise = "own_promise",
    }
}
