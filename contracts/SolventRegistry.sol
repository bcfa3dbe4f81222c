// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// What one platform published of its snapshots, each line once and for ever: docs/protocol.md, section 14. The order of the
/// variables is part of that specification, because readers prove them from the state of a block and ask nobody.
contract SolventRegistry {
    /// Slot 0, in one word: who writes; the instant of the last snapshot, in nanoseconds since 1970 UTC; and the least distance
    /// of two instants. The word is never 0, so the first manifest costs no more than the next.
    address public writer;
    uint64 public lastInstantNs;
    uint32 public leastDistanceSeconds;

    /// Slot 1: the manifest hash of an instant, and slot 2: the hash of the reserves that were shown against it.
    mapping(uint64 => bytes32) public manifestHashes;
    mapping(uint64 => bytes32) public reservesHashes;
    /// Slot 3: the key that signs what follows the manifest of an instant; of instant 0, what follows the deployment.
    mapping(uint64 => bytes32) public nextKeys;

    event ManifestPublished(uint64 indexed instantNs, bytes32 manifestHash);
    event ReservesPublished(uint64 indexed instantNs, bytes32 reservesHash);
    event KeyRotated(uint64 indexed afterInstantNs, bytes32 newKey);

    error NotWriter();
    error Zero();
    error TooClose();
    error InFuture();
    error NoManifest();
    error AlreadyWritten();

    modifier onlyWriter() {
        if (msg.sender != writer) revert NotWriter();
        _;
    }

    constructor(uint32 distanceSeconds) {
        if (distanceSeconds == 0) revert Zero();
        writer = msg.sender;
        leastDistanceSeconds = distanceSeconds;
    }

    function publishManifest(uint64 instantNs, bytes32 manifestHash) external onlyWriter {
        if (manifestHash == 0) revert Zero();
        if (instantNs > block.timestamp * 1e9) revert InFuture();
        // In 256 bits, where nothing overflows. A later instant is also one that nothing was written for.
        if (instantNs < uint256(lastInstantNs) + uint256(leastDistanceSeconds) * 1e9) revert TooClose();
        lastInstantNs = instantNs;
        manifestHashes[instantNs] = manifestHash;
        emit ManifestPublished(instantNs, manifestHash);
    }

    function publishReserves(uint64 instantNs, bytes32 reservesHash) external onlyWriter {
        if (reservesHash == 0) revert Zero();
        if (manifestHashes[instantNs] == 0) revert NoManifest();
        if (reservesHashes[instantNs] != 0) revert AlreadyWritten();
        reservesHashes[instantNs] = reservesHash;
        emit ReservesPublished(instantNs, reservesHash);
    }

    function rotateKey(bytes32 newKey) external onlyWriter {
        if (newKey == 0) revert Zero();
        if (nextKeys[lastInstantNs] != 0) revert AlreadyWritten();
        nextKeys[lastInstantNs] = newKey;
        emit KeyRotated(lastInstantNs, newKey);
    }
}
