pragma circom 2.2.0;

include "Poseidon.circom";

// Statement      `root` is the root of the tree of arity 16 and the given depth over leaf[0] .. leaf[N-1], where
//                node = H_16(children) and a missing node, at any level, is 0.
// Public         none of its own.
// Private        leaf[N]: any field elements.
// Assumes        1 <= N <= 16^depth, depth >= 1. The caller hashes leaves with their position-free content.
// Guarantees     Every leaf reaches the root over a path of exactly `depth` nodes, at its own position.
// Not guaranteed Anything about the leaves. That a reader can tell a leaf from a node: depth must come from the
//                TAG, never from a path's length.
// Constraints    one H_16 for each node with at least one child that is not missing; each missing child saves 3.
template Tree(N, depth) {
    signal input leaf[N];
    signal output root;

    var ARITY = 16;
    assert(N >= 1);
    assert(depth >= 1);
    assert(N <= ARITY ** depth);

    // The nodes of all levels in one array, leaves first, each level after the one below it.
    var nodeCount = N;
    var width = N;
    for (var level = 0; level < depth; level++) {
        width = (width + ARITY - 1) \ ARITY;
        nodeCount += width;
    }

    signal node[nodeCount];
    signal children[nodeCount - N][ARITY];

    for (var i = 0; i < N; i++) {
        node[i] <== leaf[i];
    }

    var below = 0;
    var belowWidth = N;
    var next = N;
    for (var level = 0; level < depth; level++) {
        width = (belowWidth + ARITY - 1) \ ARITY;
        for (var n = 0; n < width; n++) {
            for (var c = 0; c < ARITY; c++) {
                if (n * ARITY + c < belowWidth) {
                    children[next + n - N][c] <== node[below + n * ARITY + c];
                } else {
                    children[next + n - N][c] <== 0;
                }
            }
            node[next + n] <== Poseidon(ARITY)(children[next + n - N]);
        }
        below = next;
        belowWidth = width;
        next += width;
    }
    root <== node[nodeCount - 1];
}
