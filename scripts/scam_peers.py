#!/usr/bin/env python3
"""fastText and scikit-learn on the very splits that `--example sets` wrote: macro-F1 over three seeds, and fastText's speed by its own program.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn fasttext-wheel 'numpy<2'
    VENV/bin/python scripts/scam_peers.py OUT [path of the fasttext program]
"""
import glob
import os
import resource
import subprocess
import sys
import time

import fasttext
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

fasttext.FastText.eprint = lambda *_: None


def rows(path):
    with open(path, encoding="utf-8") as file:
        pairs = [line.rstrip("\n").split("\t", 1) for line in file]
    return [text for _, text in pairs], [label for label, _ in pairs]


def spaced(text):
    """Every character a word, which is what fastText needs for Chinese without a segmenter."""
    return " ".join(c for c in text if not c.isspace())


def by_fasttext(train, test, work):
    path = os.path.join(work, "fasttext.train.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"__label__{label} {spaced(text)}\n" for text, label in zip(*train))
    model = fasttext.train_supervised(path, dim=50, wordNgrams=3, epoch=25, lr=0.5, thread=1, bucket=200000, seed=1)
    guesses = model.predict([spaced(text) for text in test[0]])[0]
    return model, [guess[0].removeprefix("__label__") for guess in guesses]


def by_svc(train, test):
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    machine = LinearSVC(C=1.0)
    machine.fit(features.fit_transform(train[0]), train[1])
    return machine.predict(features.transform(test[0]))


def program(binary, model, test, work):
    """Texts a second of `fasttext predict`: the processor time of reading and predicting, less that of loading the model alone."""
    model_path, text_path, one = (os.path.join(work, n) for n in ("model.bin", "test.txt", "one.txt"))
    model.save_model(model_path)
    lines = [spaced(text) + "\n" for text in test[0]] * 10
    for path, content in ((text_path, lines), (one, lines[:1])):
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(content)
    def spent(path):
        best = 1e9
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            subprocess.run([binary, "predict", model_path, path], stdout=subprocess.DEVNULL, check=True)
            best = min(best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
        return best
    return len(lines) / (spent(text_path) - spent(one))


def main():
    out, binary = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    print("load average", os.getloadavg())
    figures = {}
    for path in sorted(glob.glob(os.path.join(out, "*.train.tsv"))):
        name, how, _ = os.path.basename(path).removesuffix(".train.tsv").split("-")
        train, test = rows(path), rows(path.replace(".train.", ".test."))
        model, guesses = by_fasttext(train, test, out)
        both = {"fastText characters, wordNgrams 3": guesses, "scikit-learn tf-idf characters 1-3, LinearSVC": by_svc(train, test)}
        for who, guesses in both.items():
            figures.setdefault((name, how, who), []).append(100 * f1_score(test[1], guesses, average="macro"))
        if binary and how == "random" and path.endswith("-0.train.tsv"):
            print(f"{name}: fasttext predict {program(binary, model, test, out):.0f} texts/s")
    for (name, how, who), scores in figures.items():
        print(f"{name} {how}: {who} macro-F1 {sum(scores) / len(scores):.2f} ({min(scores):.2f}-{max(scores):.2f})")


if __name__ == "__main__":
    main()
