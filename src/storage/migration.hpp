/// Format versions of the store, and the way from an earlier one to the present one.
#pragma once

#include "src/storage/environment.hpp"

namespace cairn::storage {

/// Writes the present version into a new store, brings one of an earlier version up to date, and
/// refuses others. Until the last step is committed the store counts as the earlier version, so
/// that a crash meanwhile only means to begin anew.
/// Errors: `version`, `corrupt` when a body cannot be read, those of LMDB.
[[nodiscard]] StoreResult<void> bring_up_to_date(Database& database);

}  // namespace cairn::storage
