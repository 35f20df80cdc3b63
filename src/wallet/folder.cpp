#include "cairn/wallet/folder.hpp"

#include "cairn/wallet/keystore.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace cairn::wallet {

namespace fs = std::filesystem;

namespace {

constexpr mode_t private_file = 0600;
constexpr mode_t private_folder = 0700;
constexpr std::string_view extension = ".json";
constexpr std::string_view temporary_name = ".writing";

tl::unexpected<FolderFault> fault(FolderError error, const fs::path& where) {
    return tl::unexpected{FolderFault{error, where.string(), {}}};
}

/// With what the system says, from errno.
tl::unexpected<FolderFault> system_fault(FolderError error, const fs::path& where) {
    const std::error_code code{errno, std::generic_category()};
    return tl::unexpected{FolderFault{error, where.string(), code.message()}};
}

/// A file descriptor, closed at the end of its scope.
class File {
  public:
    File(const fs::path& path, int flags)
        : descriptor_{::open(path.c_str(), flags | O_CLOEXEC, private_file)} {}

    ~File() {
        if (is_open())
            ::close(descriptor_);
    }

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

    [[nodiscard]] int descriptor() const { return descriptor_; }

    [[nodiscard]] bool write(std::string_view text) const {
        while (!text.empty()) {
            const auto written = ::write(descriptor_, text.data(), text.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                return false;
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

    [[nodiscard]] bool sync() const { return ::fsync(descriptor_) == 0; }

  private:
    int descriptor_;
};

/// The names in `folder` outlive a crash from here on.
bool sync_folder(const fs::path& folder) {
    const File file{folder, O_RDONLY | O_DIRECTORY};
    return file.is_open() && file.sync();
}

/// Creates `folder` and those above it, for their owner alone, and syncs their names.
/// Errors: `unwritable`.
Result<void, FolderFault> create_folder(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> missing;
    for (auto path = fs::absolute(folder, error); !error && !fs::exists(path, error);
         path = path.parent_path())
        missing.push_back(path);
    for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
        if (::mkdir(path->c_str(), private_folder) != 0 && errno != EEXIST)
            return system_fault(FolderError::unwritable, *path);
        if (!sync_folder(path->parent_path()))
            return system_fault(FolderError::unwritable, path->parent_path());
    }
    return {};
}

}  // namespace

bool is_wallet_name(std::string_view name) {
    const auto is_alphanumeric = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9');
    };
    return !name.empty() && name.size() <= name_letters_max && is_alphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char letter) {
               return is_alphanumeric(letter) || letter == '-' || letter == '_';
           });
}

std::string_view to_string(FolderError error) {
    switch (error) {
        case FolderError::bad_name:
            return "bad_name";
        case FolderError::missing:
            return "missing";
        case FolderError::exists:
            return "exists";
        case FolderError::changed:
            return "changed";
        case FolderError::unreadable:
            return "unreadable";
        case FolderError::unwritable:
            return "unwritable";
        case FolderError::not_verified:
            return "not_verified";
    }
    return "unknown";
}

Result<std::string, FolderFault> read_file(const fs::path& path, std::size_t bytes_max) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return system_fault(errno == ENOENT ? FolderError::missing : FolderError::unreadable, path);
    std::string text(bytes_max + 1, '\0');
    std::size_t size = 0;
    ssize_t got = 1;
    while (size < text.size() && got > 0) {
        got = ::read(descriptor, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            size += static_cast<std::size_t>(got);
    }
    const int error = errno;
    ::close(descriptor);
    errno = error;
    if (got < 0)
        return system_fault(FolderError::unreadable, path);
    text.resize(size);
    return text;
}

Result<void, FolderFault> write_new_file(const fs::path& path, std::string_view text) {
    const File file{path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW};
    if (!file.is_open())
        return system_fault(errno == EEXIST ? FolderError::exists : FolderError::unwritable, path);
    std::error_code error;
    if (file.write(text) && file.sync() && sync_folder(fs::absolute(path, error).parent_path()))
        return {};
    const auto why = system_fault(FolderError::unwritable, path);
    ::unlink(path.c_str());
    return why;
}

WalletFolder::WalletFolder(fs::path path, std::function<void(WritePoint)> at_point)
    : path_{std::move(path)}, at_point_{std::move(at_point)} {}

fs::path WalletFolder::file_of(std::string_view name) const {
    return path_ / (std::string{name} + std::string{extension});
}

Result<std::vector<std::string>, FolderFault> WalletFolder::list() const {
    std::error_code error;
    fs::directory_iterator entries{path_, error};
    std::vector<std::string> names;
    if (error == std::errc::no_such_file_or_directory)
        return names;
    while (!error && entries != fs::directory_iterator{}) {
        const auto& file = entries->path();
        if (file.extension() == extension && is_wallet_name(file.stem().string()))
            names.push_back(file.stem().string());
        entries.increment(error);
    }
    if (error)
        return tl::unexpected{
            FolderFault{FolderError::unreadable, path_.string(), error.message()}};
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::string, FolderFault> WalletFolder::read(std::string_view name) const {
    if (!is_wallet_name(name))
        return fault(FolderError::bad_name, name);
    return read_file(file_of(name), keystore_bytes_max);
}

Result<void, FolderFault> WalletFolder::create(
    std::string_view name, std::string_view text, const Verify& verify
) const {
    if (!is_wallet_name(name))
        return fault(FolderError::bad_name, name);
    if (auto made = create_folder(path_); !made)
        return made;
    const File lock{path_, O_RDONLY | O_DIRECTORY};
    if (!lock.is_open() || ::flock(lock.descriptor(), LOCK_EX) != 0)
        return system_fault(FolderError::unwritable, path_);
    return write(name, text, verify, Target::absent);
}

Result<void, FolderFault> WalletFolder::replace(
    std::string_view name, std::string_view old, std::string_view text, const Verify& verify
) const {
    if (!is_wallet_name(name))
        return fault(FolderError::bad_name, name);
    const File lock{path_, O_RDONLY | O_DIRECTORY};
    if (!lock.is_open() && errno == ENOENT)
        return fault(FolderError::missing, file_of(name));
    if (!lock.is_open() || ::flock(lock.descriptor(), LOCK_EX) != 0)
        return system_fault(FolderError::unwritable, path_);
    const auto present = read(name);
    if (!present)
        return tl::unexpected{present.error()};
    if (*present != old)
        return fault(FolderError::changed, file_of(name));
    return write(name, text, verify, Target::present);
}

Result<void, FolderFault> WalletFolder::write(
    std::string_view name, std::string_view text, const Verify& verify, Target target
) const {
    // The lock makes one name enough, and what stands under it the remains of a crash.
    const auto temporary = path_ / temporary_name;
    const auto file = file_of(name);
    ::unlink(temporary.c_str());
    reach(WritePoint::started);
    const auto give_up = [&](tl::unexpected<FolderFault> why) -> Result<void, FolderFault> {
        ::unlink(temporary.c_str());
        return why;
    };
    {
        const File written{temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW};
        if (!written.is_open() || !written.write(text))
            return give_up(system_fault(FolderError::unwritable, temporary));
        reach(WritePoint::written);
        if (!written.sync())
            return give_up(system_fault(FolderError::unwritable, temporary));
    }
    reach(WritePoint::synced);
    const auto back = read_file(temporary, keystore_bytes_max);
    if (!back || *back != text || !verify(*back))
        return give_up(fault(FolderError::not_verified, file));
    reach(WritePoint::verified);
    // A link never replaces what is there; a rename does.
    const bool is_placed = target == Target::absent
                               ? ::link(temporary.c_str(), file.c_str()) == 0
                               : ::rename(temporary.c_str(), file.c_str()) == 0;
    if (!is_placed)
        return give_up(
            system_fault(errno == EEXIST ? FolderError::exists : FolderError::unwritable, file)
        );
    reach(WritePoint::renamed);
    if (target == Target::absent)
        ::unlink(temporary.c_str());
    if (!sync_folder(path_))
        return system_fault(FolderError::unwritable, path_);
    reach(WritePoint::finished);
    return {};
}

void WalletFolder::reach(WritePoint point) const {
    if (at_point_)
        at_point_(point);
}

}  // namespace cairn::wallet
