#!/usr/bin/env python3
"""Makes test/vectors/rows.json as docs/protocol.md describes it.

A second implementation in another language, slow and short, that shares no line with src/: what both come to is what
the text says. Only Python's standard library is used. `rows.py` writes the file, `rows.py --check` compares it.
"""

import hashlib
import hmac
import json
import sys
from fractions import Fraction
from pathlib import Path

P = 21888242871839275222246405745257275088696311157297823662689037894645226208583
R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
OUT = Path(__file__).resolve().parents[2] / "test" / "vectors" / "rows.json"


# Notation ------------------------------------------------------------------------------------------------------------


def be(n, x):
    return x.to_bytes(n, "big")


def sha(label, x=b""):
    return hashlib.sha256(label.encode() + b"\0" + x).digest()


def mac(key, label, x=b""):
    return hmac.new(key, label.encode() + b"\0" + x, hashlib.sha512).digest()


def hmac256(key, x):
    return hmac.new(key, x, hashlib.sha256).digest()


def int248(b):
    return int.from_bytes(b[:31], "big")


def wide(b):
    assert len(b) == 64
    return int.from_bytes(b, "big") % R


def canonical(value):
    # Enough of RFC 8785 for objects with ASCII keys, integers, and texts without control characters.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def inv(x):
    assert x % R
    return pow(x, -1, R)


# Poseidon with 16 inputs, its constants made by the Grain generator of its paper --------------------------------------


def grain(width, full, partial):
    bits = []
    for value, size in [(1, 2), (0, 4), (254, 12), (width, 12), (full, 10), (partial, 10), ((1 << 30) - 1, 30)]:
        bits += [(value >> (size - 1 - i)) & 1 for i in range(size)]

    def step():
        new = bits[62] ^ bits[51] ^ bits[38] ^ bits[23] ^ bits[13] ^ bits[0]
        bits.pop(0)
        bits.append(new)
        return new

    for _ in range(160):
        step()
    while True:
        while not step():
            step()
        yield step()


def poseidon_parameters(width, full, partial):
    stream = grain(width, full, partial)

    def number():
        return int("".join(str(next(stream)) for _ in range(254)), 2)

    constants = []
    while len(constants) < width * (full + partial):
        value = number()
        if value < R:
            constants.append(value)
    points = [number() % R for _ in range(2 * width)]
    matrix = [[inv(points[i] + points[width + j]) for j in range(width)] for i in range(width)]
    return constants, matrix


WIDTH, FULL, PARTIAL = 17, 8, 68
CONSTANTS, MATRIX = poseidon_parameters(WIDTH, FULL, PARTIAL)


def h16(inputs):
    state = [0] + list(inputs)
    assert len(state) == WIDTH
    for turn in range(FULL + PARTIAL):
        state = [(s + c) % R for s, c in zip(state, CONSTANTS[turn * WIDTH :])]
        everywhere = turn < FULL // 2 or turn >= FULL // 2 + PARTIAL
        state = [pow(s, 5, R) if everywhere or i == 0 else s for i, s in enumerate(state)]
        state = [sum(m * s for m, s in zip(row, state)) % R for row in MATRIX]
    return state[0]


def sponge(iv, values):
    h = iv
    for at in range(0, len(values), 15):
        block = values[at : at + 15]
        h = h16([h] + block + [0] * (15 - len(block)))
    return h


# Points: None is infinity ---------------------------------------------------------------------------------------------


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(n, a):
    total = None
    for bit in bin(n % R)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, a)
    return total


def combine(pairs):
    total = None
    for scalar, point in pairs:
        total = add(total, times(scalar, point))
    return total


def root(x):
    square = (x * x * x + 3) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        return None
    return y if y % 2 == 0 else P - y


def form(point):
    x, y = point
    return be(32, x | (y & 1) << 255)


def point(name):
    c = 0
    while True:
        halves = [sha("solvent/generator/v2", name.encode() + b"\0" + be(4, 2 * c + i)) for i in (0, 1)]
        x = int.from_bytes(b"".join(halves), "big") % P
        if root(x) is not None:
            return x, root(x)
        c += 1


def generators(layout):
    return [point(f"{layout['kind']}/{layout['indexBits']}/{layout['slots']}/{i + 1}") for i in range(shape(layout)["W"])]


# Layouts and packing --------------------------------------------------------------------------------------------------


def make_layout(kind, index_bits, rows, slots, group_rows):
    return {
        "kind": kind,
        "indexBits": index_bits,
        "rows": rows,
        "slots": slots,
        "netBits": 126 if kind == "margin" else 0,
        "groupRows": group_rows,
    }


def up(a, b):
    return -(-a // b)


def shape(layout):
    s = 64 + layout["indexBits"] + (layout["kind"] == "margin")
    groups = up(layout["rows"], layout["groupRows"])
    words = up(layout["slots"] * s, 252)
    return {
        "s": s,
        "W": words,
        "elements": up(layout["rows"] * (layout["slots"] * s + layout["netBits"]), 252),
        "Gn": groups,
        "sizes": [min(layout["groupRows"], layout["rows"] - g * layout["groupRows"]) for g in range(groups)],
        "signals": (6 if layout["kind"] == "margin" else 4) + groups * words,
    }


def tag(layout):
    return int248(sha("solvent/tag/v2", canonical({**layout, "commitment": "pedersen/v2"})))


def div(layout):
    return int248(sha("solvent/digest/v2", be(32, tag(layout))))


def bits_of(value, size):
    assert 0 <= value < 1 << size
    return [(value >> i) & 1 for i in range(size)]


def row_bits(layout, row):
    out = []
    for slot in row["slots"] + [(0, 0, 0)] * (layout["slots"] - len(row["slots"])):
        amount, index, side = slot
        out += bits_of(amount, 64) + bits_of(index, layout["indexBits"])
        if layout["kind"] == "margin":
            out += [side]
    return out


def cut(bits):
    return [sum(bit << i for i, bit in enumerate(bits[at : at + 252])) for at in range(0, len(bits), 252)]


def words(layout, row):
    return cut(row_bits(layout, row))


def elements(layout, rows):
    everything = []
    for row in rows:
        everything += row_bits(layout, row) + bits_of(row["V"], layout["netBits"])
    return cut(everything)


# A run: inputs that look random, made from a name ----------------------------------------------------------------------


class Source:
    def __init__(self, name):
        self.name, self.count = name, 0

    def bytes(self):
        self.count += 1
        return hashlib.sha256(f"vector {self.name} {self.count}".encode()).digest()

    def below(self, bound):
        return int.from_bytes(self.bytes() + self.bytes(), "big") % bound


PRICES = [(95, 100), (3, 7), (0, 5), (2**64 - 2, 2**64 - 1)]


def net(row, sides_count=True):
    return sum(PRICES[i][0] * a if side == 0 else -PRICES[i][1] * a for a, i, side in row["slots"])


def make_row(source, layout):
    """A canonical row; in margin circuits one whose equity covers its debt."""
    used = source.below(layout["slots"] + 1)
    if layout["kind"] == "spot":
        indexes = sorted({source.below(len(PRICES)) for _ in range(used)})
        return {"slots": [(1 + source.below(2**64 - 1), i, 0) for i in indexes], "V": 0}
    if used < 2:
        return {"slots": [], "V": 0}
    slots = [(2**40 + source.below(2**63), 0, 0), (1 + source.below(2**30), 1 + source.below(2), 1)]
    row = {"slots": slots, "V": net({"slots": slots})}
    assert 0 <= row["V"] < 2**126
    return row


def derive_batch(layout, seed, mask_l):
    w, gn = shape(layout)["W"], shape(layout)["Gn"]
    return {
        "blind": wide(mac(seed, "blind")),
        "maskL": mask_l,
        "maskK": wide(mac(seed, "mask-cover")) if layout["kind"] == "margin" else 0,
        "masks": [[wide(mac(seed, "mask", be(4, g) + be(4, i + 1))) for i in range(w)] for g in range(gn)],
        "maskBlinds": [wide(mac(seed, "mask-blind", be(4, g))) for g in range(gn)],
        "rowBlinds": [wide(mac(seed, "leaf-blind", be(4, u))) for u in range(layout["rows"])],
    }


def part_id(id_hash, i, n, nonce, statement):
    return sha("solvent/part/v2", be(31, id_hash) + be(2, i) + be(2, n) + be(31, nonce) + be(31, statement))


def code(layout, slot):
    return slot[1] + (slot[2] << layout["indexBits"])


def make_run(name, layouts, index_bits):
    source = Source(name)
    secret, salt = source.bytes(), source.bytes()
    manifest_core = canonical({"format": "an example", "name": name})
    batches = []
    dummies = {}
    for layout in layouts:
        rows = []
        for _ in range(layout["rows"]):
            row = make_row(source, layout)
            number = dummies.get(tag(layout), 0)
            dummies[tag(layout)] = number + 1
            row["id"] = hmac256(secret, b"solvent/dummy-id/v2\0" + be(32, tag(layout)) + be(4, number))
            rows.append(row)
        batches.append({"layout": layout, "rows": rows})
    for batch in batches:
        body = b"".join(
            b"".join(be(32, w) for w in words(batch["layout"], row)) + be(16, row["V"]) + row["id"]
            for row in batch["rows"]
        )
        batch["content"] = sha("solvent/batch-content/v2", be(32, tag(batch["layout"])) + body)
    content = sha(
        "solvent/run-content/v2",
        salt
        + be(4, len(batches))
        + b"".join(b["content"] for b in batches)
        + hashlib.sha256(manifest_core).digest(),
    )
    seed = mac(secret, "solvent/run-seed/v2", content)[:32]
    seeds = [mac(seed, "batch", be(4, b))[:32] for b in range(len(batches))]
    masks_l = [wide(mac(s, "mask-total")) for s in seeds[:-1]]
    masks_l.append(-sum(masks_l) % R)
    for batch, batch_seed, mask_l in zip(batches, seeds, masks_l):
        layout = batch["layout"]
        gens = generators(layout)
        batch["secrets"] = drawn = derive_batch(layout, batch_seed, mask_l)
        batch["seed"] = batch_seed

        def commit(values, blind):
            return combine(list(zip(values, gens)) + [(blind, point("H"))])

        batch["points"] = [commit(words(layout, row), r) for row, r in zip(batch["rows"], drawn["rowBlinds"])]
        batch["maskPoints"] = [commit(m, r) for m, r in zip(drawn["masks"], drawn["maskBlinds"])]
        batch["groups"] = []
        for g, mask_point in enumerate(batch["maskPoints"]):
            body = be(32, tag(layout)) + be(4, g) + form(mask_point)
            for u in range(g * layout["groupRows"], min((g + 1) * layout["groupRows"], layout["rows"])):
                body += form(batch["points"][u]) + batch["rows"][u]["id"]
            batch["groups"].append(sha("solvent/group/v2", body))
        batch["list"] = int248(
            sha("solvent/list/v2", be(32, tag(layout)) + be(4, len(batch["groups"])) + b"".join(batch["groups"]))
        )
        absorbed = [drawn["blind"], mask_l] + ([drawn["maskK"]] if layout["kind"] == "margin" else [])
        absorbed += [m for group in drawn["masks"] for m in group] + elements(layout, batch["rows"])
        batch["digest"] = sponge(div(layout), absorbed)
    lines = b"".join(
        canonical({"circuit": f"{b['layout']['kind']}-{b['layout']['slots']}", "digest": str(b["digest"]), "list": str(b["list"])})
        + b"\n"
        for b in batches
    )
    commitments_hash = sha("solvent/commitments/v2", lines)
    h = sha(
        "solvent/manifest/v2",
        canonical({"format": "an example", "name": name, "commitmentsHash": commitments_hash.hex()}),
    )
    gamma = int248(sha("solvent/gamma/v2", h))
    a = len(PRICES)
    codes = list(range(a)) + [(1 << index_bits) + j for j in range(a)]
    sigmas = [p for p, _ in PRICES] + [-q % R for _, q in PRICES]
    margin = [b for b in batches if b["layout"]["kind"] == "margin"]
    weights, ts = [], []
    if margin:
        ts = [wide(mac(seed, "weights", h + be(4, i))) for i in range(2 * a + 1)]
        x_sums, mask_sum, offset = [0] * (2 * a), 0, 0
        for batch in margin:
            batch["offset"] = offset
            mask_sum += pow(gamma, offset, R) * batch["secrets"]["maskK"]
            for u, row in enumerate(batch["rows"]):
                for slot in row["slots"]:
                    i = codes.index(code(batch["layout"], slot))
                    x_sums[i] += pow(gamma, offset + u + 1, R) * slot[0]
            offset += batch["layout"]["rows"]
        weights = [
            combine([(v, point("weights")), (t, point("H"))]) for v, t in zip([mask_sum] + x_sums, ts)
        ]
    weights_hash = sha("solvent/weights/v2", h + be(4, len(weights)) + b"".join(form(w) for w in weights))
    x = int248(sha("solvent/x/v2", weights_hash))
    rho = int248(sha("solvent/rho/v2", weights_hash))
    for batch in batches:
        evaluate(batch, gamma, x, rho)
    totals = {side: [0] * a for side in (0, 1)}
    for batch in batches:
        for row in batch["rows"]:
            for amount, index, side in row["slots"]:
                totals[side][index] += amount
    left = sum(b["L"] for b in batches) % R
    right = sum(t * inv(x - c) for t, c in zip(totals[0] + totals[1], codes)) % R
    assert left == right, "(T)"
    z_w = None
    if margin:
        factors = [inv(x + 1)] + [inv(x - c) + s for c, s in zip(codes, sigmas)]
        z_w = sum(f * t for f, t in zip(factors, ts)) % R
        k_sum = sum(pow(gamma, b["offset"], R) * b["K"] for b in margin)
        assert combine(zip(factors, weights)) == combine([(k_sum, point("weights")), (z_w, point("H"))]), "(C)"
    for batch in batches:
        assert_groups(batch, rho)
    return {
        "secret": secret.hex(),
        "salt": salt.hex(),
        "indexBits": index_bits,
        "prices": [{"collateral": str(p), "full": str(q)} for p, q in PRICES],
        "manifestContent": manifest_core.decode(),
        "runContent": content.hex(),
        "runSeed": seed.hex(),
        "commitments": lines.decode(),
        "commitmentsHash": commitments_hash.hex(),
        "manifestHash": h.hex(),
        "gamma": str(gamma),
        "weightBlinds": [str(t) for t in ts],
        "weights": [form(w).hex() for w in weights],
        "weightsHash": weights_hash.hex(),
        "x": str(x),
        "rho": str(rho),
        "zW": None if z_w is None else str(z_w),
        "totals": {"equity": [str(t) for t in totals[0]], "debt": [str(t) for t in totals[1]]},
        "batches": [show_batch(b) for b in batches],
    }


def evaluate(batch, gamma, x, rho):
    layout, drawn = batch["layout"], batch["secrets"]
    shares = [sum(slot[0] * inv(x - code(layout, slot)) for slot in row["slots"]) for row in batch["rows"]]
    batch["L"] = (drawn["maskL"] + sum(shares)) % R
    batch["K"] = None
    if layout["kind"] == "margin":
        weighed = sum(pow(gamma, u + 1, R) * (t + row["V"]) for u, (t, row) in enumerate(zip(shares, batch["rows"])))
        batch["K"] = (drawn["maskK"] * inv(x + 1) + weighed) % R
    batch["z"], batch["zr"] = [], []
    for g, size in enumerate(shape(layout)["sizes"]):
        first = g * layout["groupRows"]
        group = [words(layout, row) for row in batch["rows"][first : first + size]]
        for i, mask in enumerate(drawn["masks"][g]):
            batch["z"].append((mask + sum(pow(rho, t + 1, R) * w[i] for t, w in enumerate(group))) % R)
        blinds = drawn["rowBlinds"][first : first + size]
        batch["zr"].append((drawn["maskBlinds"][g] + sum(pow(rho, t + 1, R) * r for t, r in enumerate(blinds))) % R)


def assert_groups(batch, rho):
    layout, w = batch["layout"], shape(batch["layout"])["W"]
    for g, size in enumerate(shape(layout)["sizes"]):
        first = g * layout["groupRows"]
        shown = combine([(1, batch["maskPoints"][g])] + [(pow(rho, t + 1, R), batch["points"][first + t]) for t in range(size)])
        opened = combine(list(zip(batch["z"][g * w : (g + 1) * w], generators(layout))) + [(batch["zr"][g], point("H"))])
        assert shown == opened, "U9"


def show_batch(b):
    drawn = b["secrets"]
    return {
        "layout": b["layout"],
        "rows": [
            {
                "slots": [{"amount": str(a), "index": i, "side": side} for a, i, side in row["slots"]],
                "V": str(row["V"]),
                "id": row["id"].hex(),
                "words": [str(w) for w in words(b["layout"], row)],
            }
            for row in b["rows"]
        ],
        "elements": [str(e) for e in elements(b["layout"], b["rows"])],
        "content": b["content"].hex(),
        "seed": b["seed"].hex(),
        "blind": str(drawn["blind"]),
        "maskL": str(drawn["maskL"]),
        "maskK": str(drawn["maskK"]),
        "masks": [[str(m) for m in group] for group in drawn["masks"]],
        "maskBlinds": [str(r) for r in drawn["maskBlinds"]],
        "rowBlinds": [str(r) for r in drawn["rowBlinds"]],
        "points": [form(c).hex() for c in b["points"]],
        "maskPoints": [form(c).hex() for c in b["maskPoints"]],
        "groups": [g.hex() for g in b["groups"]],
        "list": str(b["list"]),
        "digest": str(b["digest"]),
        "L": str(b["L"]),
        "K": None if b["K"] is None else str(b["K"]),
        "z": [str(z) for z in b["z"]],
        "zr": [str(z) for z in b["zr"]],
    }


# The file -------------------------------------------------------------------------------------------------------------


def point_vectors():
    h = point("H")
    odd = (h[0], P - h[1])
    off_curve = next(x for x in range(1, 100) if root(x) is None)
    on_curve = next(x for x in range(1, 100) if root(x) is not None)
    assert on_curve + P < 1 << 255
    return {
        "accepted": [{"bytes": form(p).hex(), "x": str(p[0]), "y": str(p[1])} for p in (h, odd, (1, 2), (1, P - 2), times(R - 1, h))],
        "refused": [
            {"why": "x is on no point", "bytes": be(32, off_curve).hex()},
            {"why": "x + p in place of x", "bytes": be(32, on_curve + P).hex()},
            {"why": "x = p", "bytes": be(32, P).hex()},
            {"why": "bit 254 set", "bytes": be(32, h[0] | 1 << 254).hex()},
            {"why": "all zeros, as some write infinity", "bytes": be(32, 0).hex()},
            {"why": "bit 254 alone, as others write infinity", "bytes": be(32, 1 << 254).hex()},
            {"why": "31 bytes", "bytes": form(h)[1:].hex()},
            {"why": "33 bytes", "bytes": (form(h) + b"\0").hex()},
        ],
    }


LAYOUTS = [
    make_layout("spot", 10, 2952, 1, 64),
    make_layout("spot", 10, 995, 3, 32),
    make_layout("margin", 10, 632, 3, 32),
    make_layout("margin", 10, 1, 128, 32),
    make_layout("margin", 10, 1, 2048, 32),
    make_layout("spot", 2, 3, 2, 2),
    make_layout("margin", 32, 64, 4, 32),
    make_layout("spot", 19, 33, 3, 32),
]


def part_vectors():
    source = Source("parts")
    out = []
    for i, n, statement in [(1, 1, 0), (1, 2, int248(source.bytes())), (2, 2, 1), (65535, 65535, 2**248 - 1)]:
        id_hash, nonce = int248(source.bytes()), int248(source.bytes())
        out.append(
            {
                "idHash": str(id_hash),
                "part": i,
                "partCount": n,
                "nonce": str(nonce),
                "statement": str(statement),
                "id": part_id(id_hash, i, n, nonce, statement).hex(),
            }
        )
    return out


def nonce_vectors():
    secret = Source("nonces").bytes()
    return [
        {
            "secret": secret.hex(),
            "userId": user,
            "part": i,
            "nonce": str(int248(hmac256(secret, b"solvent/part-nonce/v2\0" + user.encode() + b"\0" + be(2, i)))),
        }
        for user, i in [("alice@example.com", 1), ("alice@example.com", 2), ("Łukasz", 1), ("a", 65535)]
    ]


def user_vectors():
    pairs = [("Example Exchange", "alice@example.com"), ("Example Exchange", "Łukasz"), ("Börse", "a"), ("B", "örsea")]
    return [
        {
            "platform": platform,
            "userId": user,
            "idHash": str(int248(sha("solvent/id/v1", platform.encode() + b"\0" + user.encode()))),
        }
        for platform, user in pairs
    ]


def statement_vectors():
    def cash(account, quantity, value):
        valuation = {"of": "amount", "quantity": quantity, "rounding": "up"}
        line = {"account": account, "asset": "USD", "bucket": "cross", "kind": "cash", "reference": "", "value": value}
        return {**line, "valuation": valuation}

    statements = [
        {"format": "solvent/statement/v2", "lines": lines}
        for lines in ([], [cash("main", "12.345", "12.35")], [cash("Sparbuch 🏦", "-1", "-1"), cash("ﬁ", "0", "0")])
    ]
    return [{"json": canonical(s).decode(), "hash": str(int248(sha("solvent/statement/v2", canonical(s))))} for s in statements]


def price_vectors():
    listings = [
        [("65000", "0.95", 8), ("3500.5", "0.9", 8), ("1", "1", 6)],
        [("0.00000123", "0", 0)],
        [("99999999999999.999", "0.333", 18), ("0.07", "1", 2)],
        [("18446744073709551615", "1", 0)],
        [("184467440737095516.16", "0.5", 0)],
    ]
    out = []
    for listing in listings:
        for scale in range(30, -1, -1):
            units = [Fraction(price) * Fraction(10) ** (scale - decimals) for price, _, decimals in listing]
            full = [-(-u.numerator // u.denominator) for u in units]
            if max(full) < 1 << 64:
                break
        assert min(full) >= 10**4
        collateral = [int(u * Fraction(ratio)) for u, (_, ratio, _) in zip(units, listing)]
        out.append(
            {
                "assets": [{"price": p, "collateralRatio": c, "decimals": d} for p, c, d in listing],
                "scale": scale,
                "prices": [{"collateral": str(p), "full": str(q)} for p, q in zip(collateral, full)],
            }
        )
    return out


def build():
    small_spot, small_margin = make_layout("spot", 2, 3, 2, 2), make_layout("margin", 2, 5, 3, 2)
    wide_margin = make_layout("margin", 2, 2, 8, 32)
    single = make_layout("spot", 2, 1, 5, 32)
    names = ["H", "weights", "spot/10/1/1", "spot/10/3/1", "margin/10/3/1", "margin/10/128/1", "margin/10/128/39", ""]
    return {
        "generators": [{"name": n, "bytes": form(point(n)).hex()} for n in names],
        "points": point_vectors(),
        "layouts": [{"layout": l, **shape(l), "tag": str(tag(l)), "div": str(div(l))} for l in LAYOUTS],
        "parts": part_vectors(),
        "nonces": nonce_vectors(),
        "users": user_vectors(),
        "statements": statement_vectors(),
        "priceTables": price_vectors(),
        "sponge": [
            {"iv": str(iv), "values": [str(v) for v in values], "hash": str(sponge(iv, values))}
            for iv, values in [(0, [0]), (5, list(range(15))), (R - 1, list(range(16)))]
        ],
        "runs": {
            "spot and margin": make_run("mixed", [small_spot, small_spot, small_margin, small_margin, wide_margin], 2),
            "one batch": make_run("single", [single], 2),
            "margin alone": make_run("margin", [small_margin], 2),
        },
    }


def main():
    text = json.dumps(build(), indent=1, ensure_ascii=False) + "\n"
    if sys.argv[1:] == ["--check"]:
        if OUT.read_text(encoding="utf-8") != text:
            sys.exit(f"expected {OUT.name} as this program makes it, got another file: run it without --check")
    elif sys.argv[1:]:
        sys.exit("usage: rows.py [--check]")
    else:
        OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
