// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// Tokens for tests: as small as tokens can be that keep their balances in the four ways that the pins know.

contract Plain {
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    function mint(address to, uint256 amount) external { balanceOf[to] += amount; totalSupply += amount; }
}

contract Flagged {
    address private owner;
    mapping(address => uint256) private state;
    function balanceOf(address holder) external view returns (uint256) { return state[holder] & (type(uint256).max >> 1); }
    function mint(address to, uint256 amount) external { state[to] += amount; }
    function freeze(address holder) external { state[holder] |= 1 << 255; }
}

contract Proxy {
    bytes32 private constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    constructor(address implementation) { assembly { sstore(SLOT, implementation) } }
    fallback() external payable {
        assembly {
            let implementation := sload(SLOT)
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), implementation, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}

contract Rebasing {
    uint256 private pooled;
    uint256 private total;
    mapping(address => uint256) private shares;
    function balanceOf(address holder) external view returns (uint256) { return total == 0 ? 0 : shares[holder] * pooled / total; }
    function mint(address to, uint256 amount) external { shares[to] += amount; total += amount; pooled += amount; }
    function rebase(uint256 earned) external { pooled += earned; }
}

contract Solady {
    uint256 private constant SEED = 0x87a211a2;
    function balanceOf(address holder) external view returns (uint256 amount) {
        assembly { mstore(0x0c, SEED) mstore(0x00, holder) amount := sload(keccak256(0x0c, 0x20)) }
    }
    function mint(address to, uint256 amount) external {
        assembly { mstore(0x0c, SEED) mstore(0x00, to) let slot := keccak256(0x0c, 0x20) sstore(slot, add(sload(slot), amount)) }
    }
}
