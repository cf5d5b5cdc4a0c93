#pragma once

// The memory of a disk: which bytes and names are durable, which are only issued.

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/crash/fault_fs.h"

namespace z2 {

class DiskModel {
 public:
  DiskModel();

  void addDurableFolder(const std::filesystem::path& path);
  void addDurableFile(const std::filesystem::path& path, std::string bytes);
  void apply(const FileOperation& operation);
  // Writes what `mode` leaves into the new folder `target`.
  void write(const CrashMode& mode, const std::filesystem::path& target) const;

 private:
  struct Node {
    bool isFolder = false;
    std::string durable;               // bytes as of the last fsync
    std::vector<std::string> pending;  // writes since, in order
    std::map<std::string, std::shared_ptr<Node>> durableNames;
    std::map<std::string, std::shared_ptr<Node>> names;
  };
  // A change of names that no fsync of its folder has made durable; a rename is one change.
  struct NameChange {
    std::shared_ptr<Node> folder;
    std::string removed;
    std::string added;
    std::shared_ptr<Node> node;
  };

  [[nodiscard]] std::shared_ptr<Node> find(const std::filesystem::path& path) const;
  void addDurable(const std::filesystem::path& path, std::shared_ptr<Node> node);
  void change(const std::filesystem::path& parent, std::string removed, std::string added,
              std::shared_ptr<Node> node);
  static void perform(const NameChange& change, std::map<std::string, std::shared_ptr<Node>>& on);
  void writeFolder(const Node& node, const CrashMode& mode, std::mt19937_64& random,
                   const std::filesystem::path& target) const;
  [[nodiscard]] std::string bytesOf(const Node& node, const CrashMode& mode,
                                    std::mt19937_64& random) const;

  std::shared_ptr<Node> root_;
  std::vector<NameChange> unsyncedNames_;
  const Node* lastWritten_ = nullptr;
};

}  // namespace z2
