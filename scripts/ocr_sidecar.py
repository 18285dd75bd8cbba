#!/usr/bin/env python3
"""A reader of figures beside Mingbai: POST /read as docs/scan.md says, answered by RapidOCR. A reference, and good enough for one branch.

    python3 -m venv ocr && ocr/bin/pip install rapidocr-onnxruntime==1.4.4     # the models come inside the package
    MINGBAI_OCR_TOKEN=... ocr/bin/python scripts/ocr_sidecar.py --port 8470
    MINGBAI_OCR_URL=http://127.0.0.1:8470 MINGBAI_OCR_TOKEN=... mingbai serve

Listens on this machine only, keeps nothing, writes no picture anywhere. One page at a time: a recogniser uses every core it is given.
"""

import argparse
import base64
import hmac
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import cv2
import numpy as np
from rapidocr_onnxruntime import RapidOCR

PROTOCOL = 1
MOST_CROPS = 600
MOST_BYTES = 64 << 20
MOST_PIXELS = 4_000_000
TOKEN = os.environ.get("MINGBAI_OCR_TOKEN", "")
READER = f"rapidocr-onnxruntime {version('rapidocr-onnxruntime')}"


class Bad(Exception):
    """A request off the protocol: what is wrong."""


class Engine:
    """Recognition alone: every crop is one line of print already, so nothing has to be found on it."""

    def __init__(self, threads: int) -> None:
        self.ocr = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)
        self.turn = threading.Lock()

    def read(self, pictures: list[np.ndarray]) -> list[tuple[str, float]]:
        if not pictures:
            return []
        with self.turn:
            texts, _ = self.ocr.text_rec(pictures)
        return [(text, float(sure)) for text, sure, *_ in texts]


def picture(crop: object) -> tuple[int, np.ndarray]:
    """The number and the pixels of a crop, or why it is none."""
    if not isinstance(crop, dict) or set(crop) != {"id", "media_type", "image_base64"}:
        raise Bad("a crop has id, media_type and image_base64")
    if not isinstance(crop["id"], int) or crop["media_type"] not in ("image/jpeg", "image/png"):
        raise Bad("id is a number, media_type image/jpeg or image/png")
    try:
        data = base64.b64decode(crop["image_base64"], validate=True)
    except (TypeError, ValueError) as error:
        raise Bad("image_base64 is no Base64") from error
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if pixels is None or pixels.shape[0] * pixels.shape[1] > MOST_PIXELS:
        raise Bad("a crop is no picture, or too large")
    return crop["id"], pixels


def answer(engine: Engine, body: bytes) -> dict:
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise Bad("no JSON") from error
    if not isinstance(asked, dict) or set(asked) != {"v", "crops"} or asked["v"] != PROTOCOL:
        raise Bad(f"v must be {PROTOCOL}, beside crops")
    if not isinstance(asked["crops"], list) or len(asked["crops"]) > MOST_CROPS:
        raise Bad(f"crops is a list of at most {MOST_CROPS}")
    crops = [picture(crop) for crop in asked["crops"]]
    read = engine.read([pixels for _, pixels in crops])
    out = []
    for (number, pixels), (text, sure) in zip(crops, read):
        height, width = pixels.shape[:2]
        token = {"text": text[:100], "sure_ppm": round(sure * 1_000_000), "area_px": [0, 0, width, height]}
        out.append({"id": number, "tokens": [token] if text else []})
    return {"v": PROTOCOL, "reader": READER, "crops": out}


class Door(BaseHTTPRequestHandler):
    engine: Engine

    def do_POST(self) -> None:  # noqa: N802: the name that http.server asks for
        given = self.headers.get("Authorization", "")
        if TOKEN and not hmac.compare_digest(given.encode(), f"Bearer {TOKEN}".encode()):
            return self.say(401, {"error": "a token is needed"})
        length = self.headers.get("Content-Length", "")
        if self.path != "/read" or not length.isdigit() or int(length) > MOST_BYTES:
            return self.say(400, {"error": f"POST /read with at most {MOST_BYTES} bytes"})
        try:
            return self.say(200, answer(self.engine, self.rfile.read(int(length))))
        except Bad as error:
            return self.say(400, {"error": str(error)})

    def say(self, status: int, body: dict) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing is written down: what is asked are pieces of signed papers."""


def main() -> None:
    wish = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wish.add_argument("--port", type=int, default=8470)
    wish.add_argument("--threads", type=int, default=1)
    wish = wish.parse_args()
    Door.engine = Engine(wish.threads)
    server = ThreadingHTTPServer(("127.0.0.1", wish.port), Door)
    print(f"{READER} on http://127.0.0.1:{wish.port}/read, token {'asked for' if TOKEN else 'not set'}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
