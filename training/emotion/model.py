"""One encoder, mean pooling and one linear head per label kind."""

from functools import cache

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from .bases import MINILM, encoder
from .labels import HEADS, Labels

MAX_TOKENS = 128


class EmotionModel(nn.Module):
    def __init__(self, base: str, labels: Labels, train_words: bool = False):
        super().__init__()
        self.encoder = encoder(base)
        # Frozen, words that the training data lacks keep their place among those that it has.
        self.encoder.embeddings.word_embeddings.requires_grad_(train_words)
        self.dropout = nn.Dropout(0.1)
        width = self.encoder.config.hidden_size
        self.heads = nn.ModuleDict({head: nn.Linear(width, len(labels.of(head))) for head in HEADS})

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """[batch, sequence] token ids and mask to logits [batch, labels] per head, then the embedding [batch, 384]."""
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
        embedding = (tokens * mask).sum(1) / mask.sum(1)
        pooled = self.dropout(embedding)
        return *(self.heads[head](pooled) for head in HEADS), embedding


@cache
def load_tokenizer() -> Tokenizer:
    """The vocabulary of both bases; texts are cut at MAX_TOKENS and never padded."""
    tokenizer = Tokenizer.from_file(str(MINILM / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def pad(ids: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask, both [batch, longest]; 0 is the tokenizer's [PAD]."""
    input_ids = nn.utils.rnn.pad_sequence([torch.tensor(one) for one in ids], batch_first=True)
    lengths = torch.tensor([len(one) for one in ids])
    return input_ids, (torch.arange(input_ids.shape[1]) < lengths[:, None]).long()
